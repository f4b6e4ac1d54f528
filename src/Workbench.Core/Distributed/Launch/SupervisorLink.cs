using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>A rank's connection to its supervisor, and the thread that ends the process with it. Thread-safe.</summary>
internal sealed class SupervisorLink : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly LineBuffer _buffer = new();
    private readonly Lock _sending = new();
    private readonly Dictionary<string, ManualResetEventSlim> _heard =
        new() { [JobLink.Welcome] = new(), [JobLink.Done] = new(), [JobLink.Failed] = new() };
    private volatile bool _isLeft;

    private SupervisorLink(Socket socket, int rank, int size)
    {
        (_socket, Rank, Size) = (socket, rank, size);
        // A supervisor that reads nothing is as good as dead.
        _socket.SendTimeout = (int)JobLink.Silence.TotalMilliseconds;
        _socket.NoDelay = true;
    }

    public int Rank { get; }

    public int Size { get; }

    /// <summary>Connects to the supervisor that <paramref name="job"/> (<see cref="JobVariables.Job"/>) names and waits for its welcome.</summary>
    /// <exception cref="DistributedException">None of the addresses answers, or the supervisor refuses.</exception>
    public static SupervisorLink Connect(string job, int rank, int size)
    {
        var (addresses, token) = Split(job);
        var failures = new List<string>();
        foreach (var address in addresses)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                Connect(socket, address);
                var link = new SupervisorLink(socket, rank, size);
                link.SayHello(token);
                return link;
            }
            catch (Exception failure) when (failure is SocketException or TimeoutException or DistributedException)
            {
                socket.Dispose();
                failures.Add($"{address}: {failure.Message}");
            }
        }
        throw new DistributedException(
            $"Rank {rank} cannot join its job ({string.Join("; ", failures)}). Let the hosts reach one another, or name the network they share.");
    }

    /// <summary>Begins to say <paramref name="beat"/> every second, and to end this process with the job.</summary>
    public void Start(Func<byte[]> beat) =>
        new Thread(() => Run(beat)) { Name = "job", IsBackground = true, Priority = ThreadPriority.AboveNormal }.Start();

    public void Send(byte[] line)
    {
        try
        {
            lock (_sending)
                for (var sent = 0; sent < line.Length;)
                    sent += _socket.Send(line.AsSpan(sent));
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            if (!_isLeft)
                EndProcess($"the supervisor cannot be told anything ({failure.Message})");
        }
    }

    /// <summary>Sends a line and waits until the supervisor has heard it; the thread ends this process should that never be.</summary>
    public void SendAndWait(string kind, byte[] line)
    {
        Send(line);
        _heard[kind].Wait();
    }

    public void Dispose()
    {
        _isLeft = true;
        _socket.Dispose();
    }

    private static (List<IPEndPoint> Addresses, string Token) Split(string job)
    {
        var slash = job.LastIndexOf('/');
        var addresses = new List<IPEndPoint>();
        foreach (var text in job[..Math.Max(slash, 0)].Split(','))
            if (IPEndPoint.TryParse(text, out var address))
                addresses.Add(address);
        return addresses.Count > 0
            ? (addresses, job[(slash + 1)..])
            : throw new DistributedException($"{JobVariables.Job} is not of the form address:port/token; start ranks with a job, not by hand.");
    }

    private static void Connect(Socket socket, IPEndPoint address)
    {
        var attempt = socket.BeginConnect(address, null, null);
        if (!attempt.AsyncWaitHandle.WaitOne(ConnectTimeout))
            throw new TimeoutException($"no answer in {ConnectTimeout.TotalSeconds} s");
        socket.EndConnect(attempt);
    }

    private void SayHello(string token)
    {
        Send(JobLink.Line(JobLink.Hello, ("token", token), ("rank", Rank), ("size", Size), ("host", Environment.MachineName), ("machine", LinuxProcess.Machine),
            ("pid", Environment.ProcessId), ("started", LinuxProcess.Own.Started), ("addresses", new JsonArray([.. OwnAddresses().Select(address => JsonValue.Create(address))]))));
        var since = Stopwatch.GetTimestamp();
        while (!_heard[JobLink.Welcome].IsSet)
            if (Stopwatch.GetElapsedTime(since) > JobLink.Silence)
                throw new TimeoutException($"no welcome in {JobLink.Silence.TotalSeconds} s");
            else if (_socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead) && !Receive())
                throw new SocketException((int)SocketError.ConnectionReset);
    }

    private static IEnumerable<string> OwnAddresses() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Where(address => !IPAddress.IsLoopback(address.Address)).Select(address => address.Address.ToString());

    private void Run(Func<byte[]> beat)
    {
        var (heard, said) = (Stopwatch.GetTimestamp(), 0L);
        try
        {
            while (!_isLeft)
            {
                if (said == 0 || Stopwatch.GetElapsedTime(said) >= JobLink.BeatInterval)
                {
                    said = Stopwatch.GetTimestamp();
                    Send(beat());
                }
                if (_socket.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
                {
                    if (!Receive() && !_isLeft)
                        EndProcess("the supervisor is gone");
                    heard = Stopwatch.GetTimestamp();
                }
                else if (Stopwatch.GetElapsedTime(heard) > JobLink.Silence)
                    EndProcess($"the supervisor said nothing for {JobLink.Silence.TotalSeconds:0} s");
            }
        }
        catch (Exception failure)
        {
            // The edge of this thread: a rank without it could outlive its job.
            if (!_isLeft)
                EndProcess($"its link to the supervisor failed ({failure.Message})");
        }
    }

    /// <summary>False when the connection has ended.</summary>
    private bool Receive()
    {
        var count = _socket.Receive(_buffer.Room().Span);
        foreach (var line in _buffer.Take(count))
            Take(JobLink.Read(line));
        return count > 0;
    }

    private void Take((string Kind, JsonObject Fields) line)
    {
        if (line.Kind == JobLink.Welcome)
            _heard[JobLink.Welcome].Set();
        else if (line.Kind == JobLink.Heard)
            _heard[(string)line.Fields["what"]!].Set(); // The supervisor always says what it heard.
        else if (line.Kind == JobLink.Refused)
            throw new DistributedException($"The supervisor refuses rank {Rank}: {(string?)line.Fields["reason"]}");
        else if (line.Kind == JobLink.Abort)
            EndProcess((string?)line.Fields["reason"] ?? "the job was aborted");
    }

    private void EndProcess(string reason)
    {
        // Nobody may read the standard error any more: the line must not hold up the end.
        var writer = new Thread(() => Console.Error.WriteLine($"Rank {Rank} ends: {reason}.")) { IsBackground = true };
        writer.Start();
        writer.Join(TimeSpan.FromMilliseconds(200));
        LinuxProcess.KillSelf();
    }
}
