using System.Diagnostics;
using System.Globalization;

namespace Workbench.Notebooks.Protocol;

/// <summary>The process that started the kernel. A kernel that outlives it would run for ever.</summary>
internal static class ParentProcess
{
    /// <summary>Set by every Jupyter client to its own process id.</summary>
    public const string EnvironmentVariable = "JPY_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends when the process named by the environment has died; never when none is named.</summary>
    public static async Task WaitForDeathAsync(CancellationToken cancellationToken = default)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(EnvironmentVariable), NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        using var timer = new PeriodicTimer(Interval);
        while (IsAlive(id))
            await timer.WaitForNextTickAsync(cancellationToken);
    }

    internal static bool IsAlive(int id)
    {
        try
        {
            // A killed process whose own parent has not yet asked for its exit code is still listed, as a zombie (Z).
            if (OperatingSystem.IsLinux())
                return State(File.ReadAllText($"/proc/{id}/stat")) is not ('Z' or 'X');
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception gone) when (gone is IOException or ArgumentException)
        {
            return false;
        }
    }

    // proc(5): "pid (name) state ..."; the name may itself hold brackets.
    private static char State(string stat) => stat[stat.LastIndexOf(')') + 2];
}
