using System.Globalization;
using System.Runtime.InteropServices;

namespace Workbench.Distributed.Launch;

/// <summary>A process of this machine that cannot be mistaken for a later one with the same id.</summary>
/// <param name="Id">Process id.</param>
/// <param name="Started">Its start in clock ticks since boot, of <c>/proc/ID/stat</c>.</param>
internal readonly partial record struct LinuxProcess(int Id, long Started)
{
    public const int SigKill = 9;
    public const int SigTerm = 15;

    // Fields of proc(5), counted from the state, which is the third.
    private const int State = 0, Group = 2, Session = 3, StartTime = 19;

    public static LinuxProcess Own { get; } = Find(Environment.ProcessId) ?? default;

    /// <summary>Names this boot of this machine and its process ids: two processes that say the same see one another in /proc.</summary>
    public static string Machine { get; } = OperatingSystem.IsLinux()
        ? $"{Environment.MachineName} {File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}"
        : Environment.MachineName;

    /// <summary>Whether this very process still runs; a zombie does not.</summary>
    public bool IsAlive => Fields(Id) is { } fields && Start(fields) == Started;

    /// <summary>The running process of an id, or null.</summary>
    public static LinuxProcess? Find(int id) => Fields(id) is { } fields ? new(id, Start(fields)) : null;

    /// <summary>All running processes of a session.</summary>
    public static List<LinuxProcess> InSession(int session)
    {
        var wanted = session.ToString(CultureInfo.InvariantCulture);
        var members = new List<LinuxProcess>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Fields(id) is { } fields && fields[Session] == wanted)
                members.Add(new(id, Start(fields)));
        return members;
    }

    /// <summary>Sends a signal, if it still runs.</summary>
    public void Signal(int signal)
    {
        if (IsAlive)
            _ = kill(Id, signal);
    }

    /// <summary>Ends this process at once, with the group it leads, whatever its other threads are doing.</summary>
    public static void KillSelf()
    {
        var id = Environment.ProcessId;
        if (Fields(id) is { } fields && fields[Group] == id.ToString(CultureInfo.InvariantCulture))
            _ = kill(-id, SigKill);
        _ = kill(id, SigKill);
    }

    private static string[]? Fields(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[State] is "Z" or "X" ? null : fields;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // It has ended.
        }
    }

    private static long Start(string[] fields) => long.Parse(fields[StartTime], CultureInfo.InvariantCulture);

    [LibraryImport("libc")]
    private static partial int kill(int id, int signal);
}
