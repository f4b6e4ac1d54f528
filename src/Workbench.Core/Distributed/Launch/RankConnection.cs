using System.Net.Sockets;

namespace Workbench.Distributed.Launch;

/// <summary>A connection to the supervisor: nobody's at first, a rank's after its hello. Used on one thread.</summary>
internal sealed class RankConnection(Socket socket, TimeSpan at) : IDisposable
{
    // A hello with a hundred addresses is shorter.
    private const int MaxHelloBytes = 16 * 1024;

    private readonly LineBuffer _buffer = new();

    public Socket Socket => socket;

    /// <summary>Who it is, after the hello.</summary>
    public RankHello? Hello { get; set; }

    /// <summary>When it last said something.</summary>
    public TimeSpan Heard { get; private set; } = at;

    /// <summary>What it said since; null when it has ended.</summary>
    /// <exception cref="FormatException">A line is longer than any message.</exception>
    public IReadOnlyList<byte[]>? Receive(TimeSpan now)
    {
        try
        {
            var count = socket.Receive(_buffer.Room().Span);
            if (count == 0)
                return null;
            Heard = now;
            var lines = _buffer.Take(count);
            return _buffer.Pending <= (Hello is null ? MaxHelloBytes : JobLink.MaxLineBytes)
                ? lines
                : throw new FormatException($"A line of more than {_buffer.Pending} bytes.");
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.WouldBlock or SocketError.Interrupted)
        {
            return [];
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends a line; false when it cannot be taken, which for lines so short means that nobody reads them.</summary>
    public bool Send(byte[] line)
    {
        try
        {
            return socket.Send(line) == line.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => socket.Dispose();
}
