using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// A child process with all it starts. Where <c>setsid</c> exists (Linux) the child leads a session of its own and signals reach
/// every member; elsewhere the tree of its children is ended.
/// </summary>
internal static class ProcessGroup
{
    private const int SigTerm = 15;
    private const int SigKill = 9;

    private static readonly string? SetSid = OperatingSystem.IsLinux()
        ? new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists)
        : null;

    // Both outputs in one pipe keep the order in which they were written.
    private static readonly string[] InOnePipe = ["/bin/sh", "-c", "exec \"$@\" 2>&1", "sh"];

    /// <summary>Start information that puts the command into a group of its own, with its errors among its output, where the machine can. Keeps the process id.</summary>
    public static ProcessStartInfo CreateStartInfo(string command, IEnumerable<string> arguments) =>
        SetSid is null ? new(command, arguments) : new(SetSid, [.. InOnePipe, command, .. arguments]);

    /// <summary>Asks the group to end, waits, then kills what is left.</summary>
    public static async Task EndAsync(ProcessIdentity leader, TimeSpan grace, TimeProvider time)
    {
        if (leader.IsAlive && !OperatingSystem.IsWindows())
            Signal(leader, SigTerm);
        var until = time.GetUtcNow() + grace;
        while (leader.IsAlive && time.GetUtcNow() < until)
            await Task.Delay(TimeSpan.FromMilliseconds(50), time, CancellationToken.None);
        Kill(leader);
    }

    /// <summary>Kills the group; a leader that has ended may have left members.</summary>
    public static void Kill(ProcessIdentity leader)
    {
        if (SetSid is not null)
            Signal(leader, SigKill);
        else if (leader.IsAlive)
            KillTree(leader.Id);
    }

    /// <summary>To the group when the process leads one, which it does a moment after its start; else to the process.</summary>
    private static void Signal(ProcessIdentity leader, int signal)
    {
        if ((SetSid is null || kill(-leader.Id, signal) != 0) && leader.IsAlive)
            _ = kill(leader.Id, signal);
    }

    private static void KillTree(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
