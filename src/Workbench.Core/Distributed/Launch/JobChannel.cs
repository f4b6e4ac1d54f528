using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Workbench.Distributed.Launch;

/// <summary>
/// The supervisor's end of the links to its ranks. One thread of its own accepts, reads, beats and finds who is silent, so that
/// neither a busy thread pool nor a slow listener looks like a dead supervisor. What it hears becomes signals.
/// </summary>
internal sealed class JobChannel : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _listener;
    private readonly byte[] _token;
    private readonly int _size;
    private readonly ChannelWriter<JobSignal> _signals;
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<RankConnection> _connections = [];
    private readonly Thread _thread;
    private volatile string? _abortReason;
    private volatile bool _isClosed;

    private JobChannel(Socket listener, string token, int size, ChannelWriter<JobSignal> signals)
    {
        (_listener, _token, _size, _signals) = (listener, Encoding.UTF8.GetBytes(token), size, signals);
        _thread = new(Run) { Name = "job supervisor", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Where ranks connect to and what they prove themselves with; the value of <see cref="JobVariables.Job"/>.</summary>
    public required string Address { get; init; }

    /// <summary>Time since the attempt began.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);

    /// <summary>Listens on this machine alone, or on the job's network where there are other hosts.</summary>
    /// <exception cref="DistributedException">This machine has no address that others could reach.</exception>
    public static JobChannel Open(JobOptions options, int size, ChannelWriter<JobSignal> signals)
    {
        var addresses = options.Hosts.Count == 0 ? [IPAddress.Loopback] : OwnAddresses.Find(options.Network);
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(addresses.Count == 1 ? addresses[0] : IPAddress.Any, 0));
        listener.Listen(512);
        listener.Blocking = false;
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port; // Bound above.
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var channel = new JobChannel(listener, token, size, signals) { Address = $"{string.Join(',', addresses.Select(address => $"{address}:{port}"))}/{token}" };
        channel._thread.Start();
        return channel;
    }

    /// <summary>Tells every rank, also those that join later, to end at once.</summary>
    public void Abort(string reason) => _abortReason ??= reason;

    public void Dispose()
    {
        _isClosed = true;
        _thread.Join();
    }

    private void Run()
    {
        try
        {
            var (beat, tick, isAborted) = (TimeSpan.Zero, TimeSpan.Zero, false);
            while (!_isClosed)
            {
                Listen();
                var now = Now;
                if (_abortReason is { } reason && !isAborted)
                {
                    isAborted = true;
                    Tell(JobLink.Line(JobLink.Abort, ("reason", reason)));
                }
                if (now - beat >= JobLink.BeatInterval)
                {
                    beat = now;
                    Tell(JobLink.Line(JobLink.Beat));
                }
                CutOffSilent(now);
                if (now - tick >= Pause)
                {
                    tick = now;
                    _signals.TryWrite(new JobSignal.Tick(now));
                }
            }
        }
        catch (Exception failure)
        {
            // The edge of this thread: whoever reads the signals ends the job with it.
            _signals.TryComplete(failure);
        }
        finally
        {
            _listener.Dispose();
            _connections.ForEach(connection => connection.Dispose());
        }
    }

    private void Listen()
    {
        List<Socket> ready = [_listener, .. _connections.Select(connection => connection.Socket)];
        Socket.Select(ready, null, null, Pause);
        foreach (var socket in ready)
            if (socket == _listener)
                Accept();
            else if (_connections.Find(connection => connection.Socket == socket) is { } connection)
                Read(connection);
    }

    private void Accept()
    {
        try
        {
            var socket = _listener.Accept();
            (socket.Blocking, socket.NoDelay) = (false, true);
            _connections.Add(new(socket, Now));
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionAborted or SocketError.ConnectionReset)
        {
            // Who knocked is gone again.
        }
    }

    private void Read(RankConnection connection)
    {
        try
        {
            if (connection.Receive(Now) is not { } lines)
                Drop(connection, isSilent: false);
            else
                foreach (var line in lines)
                    Take(connection, JobLink.Read(line));
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            Drop(connection, isSilent: false); // No rank of ours speaks so.
        }
    }

    private void Take(RankConnection connection, (string Kind, JsonObject Fields) line)
    {
        var (kind, fields) = line;
        if (connection.Hello is not { } hello)
            Greet(connection, kind, fields);
        else if (kind == JobLink.Beat)
            _signals.TryWrite(new JobSignal.Beat(Now, hello.Rank, (long?)fields["step"], (long?)fields["moves"] ?? 0, JobLink.State((string?)fields["state"])));
        else if (kind == JobLink.Report && fields["data"] is JsonObject data)
            _signals.TryWrite(new JobSignal.Reported(Now, hello.Rank, (JsonObject)data.DeepClone()));
        else if (kind == JobLink.Done)
            Confirm(connection, kind, new JobSignal.SaidDone(Now, hello.Rank, (long?)fields["step"]));
        else if (kind == JobLink.Failed)
            Confirm(connection, kind, new JobSignal.SaidFailed(Now, hello.Rank, $"{(string?)fields["type"]}: {(string?)fields["message"]}", (bool?)fields["final"] == true));
        else
            throw new FormatException($"A line of kind '{kind}'.");
    }

    private void Confirm(RankConnection connection, string kind, JobSignal signal)
    {
        _signals.TryWrite(signal);
        connection.Send(JobLink.Line(JobLink.Heard, ("what", kind)));
    }

    private void Greet(RankConnection connection, string kind, JsonObject fields)
    {
        if (kind != JobLink.Hello || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes((string?)fields["token"] ?? ""), _token))
        {
            Drop(connection, isSilent: false);
            return;
        }
        var hello = RankHello.Read(fields);
        if (Objection(hello) is { } reason)
        {
            connection.Send(JobLink.Line(JobLink.Refused, ("reason", reason)));
            Drop(connection, isSilent: false);
            return;
        }
        connection.Hello = hello;
        connection.Send(JobLink.Line(JobLink.Welcome));
        _signals.TryWrite(new JobSignal.Joined(Now, hello));
    }

    private string? Objection(RankHello hello) =>
        _abortReason is { } aborted ? aborted
        : hello.Size != _size || hello.Rank >= _size ? $"it is rank {hello.Rank} of {hello.Size}, the job has {_size} ranks."
        : _connections.Find(other => other.Hello?.Rank == hello.Rank) is { } other ? $"{other.Hello} has joined already; only one process a rank joins."
        : null;

    private void Tell(byte[] line)
    {
        foreach (var connection in _connections.Where(connection => connection.Hello is not null).ToList())
            if (!connection.Send(line))
                Drop(connection, isSilent: false);
    }

    private void CutOffSilent(TimeSpan now)
    {
        foreach (var connection in _connections.ToList())
            if (now - connection.Heard > (connection.Hello is null ? HelloTimeout : JobLink.Silence))
                Drop(connection, isSilent: true);
    }

    private void Drop(RankConnection connection, bool isSilent)
    {
        _connections.Remove(connection);
        connection.Dispose();
        if (connection.Hello is { } hello)
            _signals.TryWrite(new JobSignal.Lost(Now, hello.Rank, isSilent, connection.Heard));
    }
}
