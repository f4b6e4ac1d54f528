using Microsoft.Win32.SafeHandles;
using Workbench.Data;

namespace Workbench.Monitoring;

/// <summary>
/// A write-ahead file of JSON lines that one process at a time owns: the open handle holds an exclusive lock, which the
/// system releases when the process dies. What was appended is with the operating system and survives the process.
/// </summary>
internal sealed class Segment : IDisposable
{
    private const string Extension = ".jsonl";
    private const int CreateAttempts = 10;

    private readonly SafeFileHandle _handle;
    private long _length;

    private Segment(string path, SafeFileHandle handle)
    {
        FilePath = path;
        _handle = handle;
        _length = RandomAccess.GetLength(handle);
    }

    public string FilePath { get; }
    public string ParquetPath => Path.ChangeExtension(FilePath, ".parquet");
    public int Rows { get; private set; }

    public static Segment Create(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var attempt = 1; attempt <= CreateAttempts; attempt++)
        {
            var path = Path.Combine(folder, $"{Guid.CreateVersion7():N}{Extension}");
            if (TryOpen(path, FileMode.CreateNew) is { } segment)
                return segment;
        }
        throw new DataException($"Cannot create a segment in '{folder}': other processes took over each of {CreateAttempts} new files. Try again.") { Origin = folder };
    }

    /// <summary>Takes over a segment that a dead process left, or null when its owner lives or it is gone.</summary>
    public static Segment? TryTakeOver(string path) => TryOpen(path, FileMode.Open);

    public static IEnumerable<string> LeftIn(string folder) => Directory.EnumerateFiles(folder, "*" + Extension);

    /// <summary>Appends whole lines by one write. After a failed write the file ends where it ended before.</summary>
    /// <exception cref="DataException">The disk is full or failing; nothing was appended.</exception>
    public void Append(ReadOnlySpan<byte> lines, int rows)
    {
        try
        {
            RandomAccess.Write(_handle, lines, _length);
        }
        catch (IOException failure)
        {
            RandomAccess.SetLength(_handle, _length);
            throw new DataException($"Cannot append to '{FilePath}': {failure.Message} Free some space; nothing of this call was kept.", failure) { Origin = FilePath };
        }
        _length += lines.Length;
        Rows += rows;
    }

    public byte[] ReadAll()
    {
        var bytes = new byte[_length];
        var count = 0;
        for (int read; count < bytes.Length && (read = RandomAccess.Read(_handle, bytes.AsSpan(count), count)) > 0;)
            count += read;
        return bytes[..count];
    }

    /// <summary>Removes the file: its rows are in Parquet.</summary>
    public void Delete()
    {
        // Where the system allows it the file goes before its lock, so that nobody can take over a file about to vanish.
        if (OperatingSystem.IsWindows())
            Dispose();
        File.Delete(FilePath);
        Dispose();
    }

    public void Dispose() => _handle.Dispose();

    private static Segment? TryOpen(string path, FileMode mode)
    {
        SafeFileHandle handle;
        try
        {
            handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException) when (File.Exists(path))
        {
            return null; // another process holds the lock
        }
        if (File.Exists(path))
            return new Segment(path, handle);
        handle.Dispose(); // it was taken over and removed between opening and locking
        return null;
    }
}
