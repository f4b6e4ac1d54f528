using NetMQ;
using NetMQ.Sockets;

namespace Workbench.Notebooks.Protocol;

/// <summary>
/// The sockets of one side of a Jupyter connection. One poller thread owns them, because ZeroMQ sockets are not
/// thread-safe: it hands on what arrives and sends what others put into its queue, in their order.
/// </summary>
internal sealed class MessageSockets : IDisposable
{
    private readonly Dictionary<JupyterChannel, NetMQSocket> _sockets;
    private readonly MessageCodec _codec;
    private readonly Action<string> _log;
    private readonly NetMQQueue<(JupyterChannel Channel, NetMQMessage? Message)> _outgoing = new();
    private readonly NetMQPoller _poller;

    public MessageSockets(Dictionary<JupyterChannel, NetMQSocket> sockets, MessageCodec codec, Action<JupyterChannel, JupyterMessage> received, Action<string> log)
    {
        _sockets = sockets;
        _codec = codec;
        _log = log;
        _poller = [_outgoing];
        foreach (var (channel, socket) in sockets)
        {
            _poller.Add(socket);
            socket.ReceiveReady += (_, ready) => Receive(channel, ready.Socket, received);
        }
        _outgoing.ReceiveReady += (_, ready) => SendQueued(ready.Queue);
    }

    /// <summary>Sockets that listen, for the kernel's side.</summary>
    public static Dictionary<JupyterChannel, NetMQSocket> Listen(ConnectionInfo connection) => Open(connection, new()
    {
        [JupyterChannel.Shell] = new RouterSocket(),
        [JupyterChannel.Control] = new RouterSocket(),
        [JupyterChannel.Stdin] = new RouterSocket(),
        [JupyterChannel.IOPub] = new XPublisherSocket(),
    }, (socket, address) => socket.Bind(address));

    /// <summary>Sockets that connect, for a client.</summary>
    public static Dictionary<JupyterChannel, NetMQSocket> Connect(ConnectionInfo connection)
    {
        var output = new SubscriberSocket();
        output.SubscribeToAnyTopic();
        // A kernel sends its question to the identity that asked it to run the cell.
        var identity = System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N"));
        return Open(connection, new()
        {
            [JupyterChannel.Shell] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Stdin] = new DealerSocket { Options = { Identity = identity } },
            [JupyterChannel.Control] = new DealerSocket(),
            [JupyterChannel.IOPub] = output,
        }, (socket, address) => socket.Connect(address));
    }

    public void Start(string threadName) => _poller.RunAsync(threadName, true);

    /// <summary>Queues a message; it is sent after those queued before it. Thread-safe.</summary>
    public void Send(JupyterChannel channel, JupyterMessage message) => _outgoing.Enqueue((channel, _codec.Encode(message)));

    /// <summary>Sends what is queued, then closes the sockets.</summary>
    public void Dispose()
    {
        if (_poller.IsRunning)
        {
            _outgoing.Enqueue((JupyterChannel.IOPub, null));
            SpinWait.SpinUntil(() => !_poller.IsRunning, TimeSpan.FromSeconds(2));
        }
        _poller.Dispose();
        foreach (var socket in _sockets.Values)
            socket.Dispose();
        _outgoing.Dispose();
    }

    private static Dictionary<JupyterChannel, NetMQSocket> Open(ConnectionInfo connection, Dictionary<JupyterChannel, NetMQSocket> sockets, Action<NetMQSocket, string> attach)
    {
        foreach (var (channel, socket) in sockets)
        {
            socket.Options.Linger = TimeSpan.FromSeconds(1);
            socket.Options.SendHighWatermark = 0; // outputs are never dropped
            socket.Options.ReceiveHighWatermark = 0;
            attach(socket, connection.Address(connection.Port(channel)));
        }
        return sockets;
    }

    private void Receive(JupyterChannel channel, NetMQSocket socket, Action<JupyterChannel, JupyterMessage> received)
    {
        NetMQMessage? wire = null;
        while (socket.TryReceiveMultipartMessage(TimeSpan.Zero, ref wire))
        {
            if (wire is null || socket is XPublisherSocket) // an XPUB socket receives only subscriptions
                continue;
            var message = _codec.Decode(wire, out var refusal);
            if (message is null)
                _log($"{channel}: {refusal}");
            else
                received(channel, message);
            wire = null;
        }
    }

    private void SendQueued(NetMQQueue<(JupyterChannel Channel, NetMQMessage? Message)> queue)
    {
        while (queue.TryDequeue(out var item, TimeSpan.Zero))
        {
            if (item.Message is null)
                _poller.Stop();
            else
                _sockets[item.Channel].SendMultipartMessage(item.Message);
        }
    }
}
