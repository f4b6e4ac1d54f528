using System.Runtime.InteropServices;
using System.Text;

namespace Workbench.Notebooks.Kernel;

/// <summary>
/// What native code (libtorch, DuckDB) and child processes write to a standard stream of this process, taken from a pipe
/// that stands in its place. Linux only: elsewhere it still goes where it went.
/// </summary>
internal sealed partial class NativeOutput : IDisposable
{
    private const int CloseOnExec = 0x80000; // O_CLOEXEC
    private const int LineBuffered = 1; // _IOLBF
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(1);

    private readonly byte[] _marker = [0, .. Guid.NewGuid().ToByteArray(), 0];
    private readonly int _descriptor;
    private readonly int _original;
    private readonly int _read;
    private readonly bool _echo;
    private readonly Action<string> _receive;
    private readonly SemaphoreSlim _drained = new(0);
    private readonly Lock _drainLock = new();

    private NativeOutput(int descriptor, bool echo, Action<string> receive)
    {
        (_descriptor, _echo, _receive) = (descriptor, echo, receive);
        _original = Check(dup(descriptor));
        _ = Check(fcntl(_original, 2, 1)); // F_SETFD, FD_CLOEXEC
        Span<int> pipe = stackalloc int[2];
        Check(pipe2(pipe, CloseOnExec));
        _read = pipe[0];
        Check(dup2(pipe[1], descriptor));
        _ = close(pipe[1]);
        new Thread(Read) { IsBackground = true, Name = $"workbench-fd{descriptor}" }.Start();
    }

    /// <summary>Takes over a standard stream, or returns null where that is not possible.</summary>
    /// <param name="descriptor">1 for standard output, 2 for standard error.</param>
    /// <param name="echo">Whether the bytes also go where they went before: the last words of a crash are written there.</param>
    /// <param name="receive">Told each piece of text, on a thread of its own.</param>
    public static NativeOutput? Capture(int descriptor, bool echo, Action<string> receive)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        // C's streams would hold text back until a page is full, because a pipe is no terminal.
        if (NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, descriptor == 1 ? "stdout" : "stderr", out nint stream))
            _ = setvbuf(Marshal.ReadIntPtr(stream), 0, LineBuffered, 0);
        return new(descriptor, echo, receive);
    }

    /// <summary>Returns when everything that was written before has been received.</summary>
    public void Drain()
    {
        lock (_drainLock)
        {
            _ = fflush(0);
            while (_drained.Wait(0))
            {
                // A marker that an earlier drain gave up on.
            }
            if (write(_descriptor, _marker, _marker.Length) == _marker.Length)
                _drained.Wait(DrainLimit);
        }
    }

    /// <summary>Puts the stream back.</summary>
    public void Dispose()
    {
        Drain();
        _ = dup2(_original, _descriptor);
    }

    private void Read()
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var buffer = new byte[16 * 1024];
        var pending = new List<byte>();
        while (read(_read, buffer, buffer.Length) is var count and > 0)
        {
            pending.AddRange(buffer.AsSpan(0, (int)count));
            Handle(pending, decoder);
        }
    }

    // Text goes out at once, but for bytes that may be the beginning of a marker.
    private void Handle(List<byte> pending, Decoder decoder)
    {
        while (CollectionsMarshal.AsSpan(pending).IndexOf(_marker) is var place and >= 0)
        {
            Emit(CollectionsMarshal.AsSpan(pending)[..place], decoder);
            pending.RemoveRange(0, place + _marker.Length);
            _drained.Release();
        }
        int kept = Enumerable.Range(1, Math.Min(_marker.Length - 1, pending.Count)).Reverse().FirstOrDefault(length => CollectionsMarshal.AsSpan(pending)[^length..].SequenceEqual(_marker.AsSpan(0, length)));
        Emit(CollectionsMarshal.AsSpan(pending)[..^kept], decoder);
        pending.RemoveRange(0, pending.Count - kept);
    }

    private void Emit(ReadOnlySpan<byte> bytes, Decoder decoder)
    {
        if (bytes.IsEmpty)
            return;
        if (_echo)
            _ = write(_original, bytes.ToArray(), bytes.Length);
        var text = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int length = decoder.GetChars(bytes, text, flush: false);
        if (length > 0)
            _receive(new string(text, 0, length));
    }

    private static int Check(int result) => result >= 0
        ? result
        : throw new IOException($"Cannot take over the process's standard output: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int dup2(int from, int to);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int pipe2(Span<int> descriptors, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte[] buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte[] buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int fflush(nint stream);

    [LibraryImport("libc")]
    private static partial int setvbuf(nint stream, nint buffer, int mode, nint size);
}
