using System.Diagnostics;
using System.Globalization;

namespace Workbench.Data;

/// <summary>
/// A folder for files that nobody needs after this process. It goes when it is disposed; what a killed process left goes when
/// another process of the same user and machine makes its first.
/// </summary>
public sealed class ScratchFolder : IDisposable
{
    private const string Prefix = "workbench-process-", OwnerFile = "owner";
    // A folder is made before it says whose it is.
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(1);

    private static readonly Lazy<string> Root = new(CreateRoot);
    private static FileStream? _owner; // locked as long as the process lives
    private static int _count;

    /// <summary>Creates an empty folder.</summary>
    public ScratchFolder() =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(Root.Value, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture))).FullName;

    /// <summary>The folder of this process, which all others are in; goes when the process ends.</summary>
    public static string OfProcess => Root.Value;

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Takes the folder away with all that is in it.</summary>
    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    /// <summary>Takes away what processes of this machine that are gone have left.</summary>
    internal static void Sweep(string folder, DateTime now)
    {
        foreach (var left in new DirectoryInfo(folder).EnumerateDirectories(Prefix + "*"))
            try
            {
                if (now - left.LastWriteTimeUtc > Youth && IsAbandoned(left.FullName))
                    left.Delete(recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Its owner lives, is another user, or someone else takes it away right now.
            }
    }

    // Three signs, since a lock means nothing on some network file systems, and a process number nothing on another machine.
    private static bool IsAbandoned(string folder)
    {
        using var owner = new FileStream(System.IO.Path.Combine(folder, OwnerFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        using var reader = new StreamReader(owner);
        return reader.ReadToEnd().Split('\n') is [var machine, var process, ..] && machine == Environment.MachineName
            && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id) && !IsRunning(id);
    }

    private static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException) // there is none
        {
            return false;
        }
    }

    private static string CreateRoot()
    {
        string root = Directory.CreateTempSubdirectory(Prefix).FullName;
        _owner = new(System.IO.Path.Combine(root, OwnerFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        _owner.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}\n{Environment.ProcessId}\n")));
        _owner.Flush();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => TakeAway(root);
        _ = Task.Run(() => Sweep(System.IO.Path.GetTempPath(), TimeProvider.System.GetUtcNow().UtcDateTime)); // gigabytes may lie there; nobody waits for that
        return root;
    }

    private static void TakeAway(string root)
    {
        try
        {
            _owner?.Dispose();
            Directory.Delete(root, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A file is still in use: the next process takes it away.
        }
    }
}
