using NetMQ;
using NetMQ.Sockets;

namespace Workbench.Notebooks.Protocol;

/// <summary>Echoes what a front end sends to the heartbeat port, on a thread of its own, so that a busy cell does not look like death.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly ResponseSocket _socket = new();
    private readonly NetMQPoller _poller;

    public Heartbeat(ConnectionInfo connection)
    {
        _socket.Options.Linger = TimeSpan.Zero;
        _socket.Bind(connection.Address(connection.HeartbeatPort));
        _socket.ReceiveReady += (_, ready) => ready.Socket.SendFrame(ready.Socket.ReceiveFrameBytes());
        _poller = [_socket];
        _poller.RunAsync("workbench-heartbeat", true);
    }

    public void Dispose()
    {
        _poller.Dispose();
        _socket.Dispose();
    }
}
