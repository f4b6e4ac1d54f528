using System.Text;

namespace Workbench.Data;

/// <summary>
/// Writes a file so that a reader, or a restart after a crash, sees the old content or the new, never a part: to a
/// temporary name (<c>.NAME.xxxx.tmp</c>) in the same folder, flushed to the disk, then renamed.
/// </summary>
public static class AtomicFile
{
    /// <summary>Writes what <paramref name="write"/> puts into the stream. Missing folders are created.</summary>
    public static void Write(string path, Action<Stream> write) => Replace(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        write(stream);
    });

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    public static void WriteAllText(string path, string text) => WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    public static void WriteAllBytes(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>For writers that want a path, such as DuckDB's COPY: <paramref name="write"/> must create the file it is given.</summary>
    /// <exception cref="DataException">The folder cannot be written or the disk is full; the old content stays.</exception>
    public static void Replace(string path, Action<string> write)
    {
        string target = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(target) ?? throw new ArgumentException($"'{path}' is a folder's name, not a file's.", nameof(path));
        string temporary = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            write(temporary);
            FlushToDisk(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot write '{target}': {failure.Message} Free some space or make the folder writable; the old content, if any, is unchanged.", failure) { Origin = target };
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void FlushToDisk(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        stream.Flush(flushToDisk: true);
    }
}
