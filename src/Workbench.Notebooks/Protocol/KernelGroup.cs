using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Workbench.Notebooks.Protocol;

/// <summary>
/// The kernel's process with all it starts. On Linux the kernel leads a session of its own, so that Ctrl-C in the caller's
/// terminal does not reach it, and a guard beside it kills the whole session as soon as the caller's end of the pipe closes:
/// no kernel outlives its runner, whatever language it is written in. Elsewhere the tree of its children is ended.
/// </summary>
internal static class KernelGroup
{
    private const int SigInt = 2;
    private const int SigKill = 9;

    // The guard waits on the pipe that was the standard input; "kill 0" means its own process group. A shell starts it with
    // SIGINT ignored, so an interrupt of the kernel does not end it. The kernel replaces the shell and keeps its process id;
    // the brackets keep the guard from being its child, since ipykernel ends its children, and waits, before it shuts down.
    private const string Guarded =
        "exec 3<&0 </dev/null; ( { read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & ); exec 3<&-; exec \"$@\"";

    private static readonly string? SetSid = Find("setsid");
    private static readonly string? TaskSet = Find("taskset");

    /// <summary>The command that runs <paramref name="command"/> guarded and on <paramref name="cpus"/> cores.</summary>
    /// <exception cref="KernelEndedException">The cores cannot be limited here.</exception>
    public static IReadOnlyList<string> Wrap(IReadOnlyList<string> command, int? cpus)
    {
        IReadOnlyList<string> limited = cpus is { } count ? [.. OnCores(count), .. command] : command;
        return SetSid is null ? limited : [SetSid, "/bin/sh", "-c", Guarded, "workbench-kernel", .. limited];
    }

    /// <summary>SIGINT to the kernel and what it started, as Jupyter clients interrupt a kernel of the mode "signal".</summary>
    public static void Interrupt(int leader)
    {
        if (!OperatingSystem.IsWindows())
            _ = kill(SetSid is null ? leader : -leader, SigInt);
    }

    /// <summary>Ends the kernel and all that it started, also what moved to another group.</summary>
    public static void Kill(Process leader)
    {
        try
        {
            leader.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended already; what it left behind is ended below.
        }
        if (SetSid is not null)
            _ = kill(-leader.Id, SigKill);
    }

    // The last of the allowed cores, from a place that differs from run to run, so that two runs do not share theirs while others idle.
    private static IReadOnlyList<string> OnCores(int count)
    {
        if (TaskSet is null)
            throw new KernelEndedException("The limit on processor cores cannot be kept on this machine: it has no 'taskset' (util-linux). Install it, or run without the limit.");
        var allowed = AllowedCores();
        if (count >= allowed.Count)
            return [];
        var chosen = Enumerable.Range(0, count).Select(index => allowed[(Environment.ProcessId + index) % allowed.Count]);
        return [TaskSet, "--cpu-list", string.Join(',', chosen.Select(core => core.ToString(CultureInfo.InvariantCulture)))];
    }

    // proc(5): "Cpus_allowed_list: 0-3,8".
    private static List<int> AllowedCores()
    {
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal));
        return line[(line.IndexOf(':') + 1)..].Trim().Split(',')
            .Select(range => range.Split('-').Select(core => int.Parse(core, CultureInfo.InvariantCulture)).ToArray())
            .SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1)).ToList();
    }

    private static string? Find(string program) =>
        OperatingSystem.IsLinux() ? new[] { "/usr/bin/", "/bin/" }.Select(folder => folder + program).FirstOrDefault(File.Exists) : null;

    [DllImport("libc")]
    private static extern int kill(int id, int signal);
}
