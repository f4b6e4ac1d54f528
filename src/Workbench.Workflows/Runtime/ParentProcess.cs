using System.Globalization;

namespace Workbench.Workflows.Runtime;

/// <summary>For the process of a step: the host that started it, without which its result would count for nothing.</summary>
public static class ParentProcess
{
    /// <summary>Environment variable with the process id of the host.</summary>
    public const string EnvironmentVariable = "WORKBENCH_PARENT_PID";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Completes when the parent that <see cref="EnvironmentVariable"/> names is gone, within about half a second; never when the
    /// variable is not set, as in a step that is run by hand. The caller then ends the process.
    /// </summary>
    public static async Task WaitUntilGoneAsync(TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var text = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time ?? TimeProvider.System, cancellationToken);
            return;
        }
        var parent = ProcessIdentity.Find(id);
        while (parent is { IsAlive: true })
            await Task.Delay(Interval, time ?? TimeProvider.System, cancellationToken);
    }
}
