using System.Collections.Concurrent;
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

    private static readonly ConcurrentDictionary<string, Lazy<Root>> Roots = new(StringComparer.Ordinal);
    private static int _count;

    /// <summary>Creates an empty folder in the folder for temporary files.</summary>
    public ScratchFolder() : this(System.IO.Path.GetTempPath()) { }

    /// <param name="place">Folder that it is created in, where there is one for each process.</param>
    internal ScratchFolder(string place) =>
        Path = Directory.CreateDirectory(System.IO.Path.Combine(RootIn(place).Path, Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture))).FullName;

    /// <summary>The folder of this process among those for temporary files; goes when the process ends.</summary>
    public static string OfProcess => RootIn(System.IO.Path.GetTempPath()).Path;

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

    private static Root RootIn(string place) => Roots.GetOrAdd(place, static where => new(() => Root.Create(where))).Value;

    /// <summary>The folder of this process, and the file in it that is locked while the process lives.</summary>
    private sealed record Root(string Path, FileStream Owner)
    {
        public static Root Create(string place)
        {
            string path = System.IO.Path.Combine(place, $"{Prefix}{Guid.NewGuid():N}");
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var root = new Root(path, new(System.IO.Path.Combine(path, OwnerFile), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            root.Owner.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}\n{Environment.ProcessId}\n")));
            root.Owner.Flush();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => root.TakeAway();
            _ = Task.Run(() => Sweep(place, TimeProvider.System.GetUtcNow().UtcDateTime)); // gigabytes may lie there; nobody waits for that
            return root;
        }

        private void TakeAway()
        {
            try
            {
                Owner.Dispose();
                Directory.Delete(Path, recursive: true);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A file is still in use: the next process takes it away.
            }
        }
    }
}
