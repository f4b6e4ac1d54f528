using System.Globalization;
using Workbench.Data;
using Workbench.Host.Cluster;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Scheduling;

/// <summary>How the engine starts steps: as this program's own command, with the host's data folder, project and business time.</summary>
internal static class StepProcesses
{
    public static ProcessStepExecutor Create(HostSettings settings)
    {
        var command = SelfCommand.With("step", "run", "--request", ProcessStepOptions.RequestPlaceholder, "--result", ProcessStepOptions.ResultPlaceholder);
        return new ProcessStepExecutor(new ProcessStepOptions
        {
            Command = command[0],
            Arguments = [.. command.Skip(1)],
            RunsFolder = settings.Folder.Runs,
            Environment = new Dictionary<string, string?>
            {
                [DataFolder.EnvironmentVariable] = settings.Folder.Path, [ProjectFolder.EnvironmentVariable] = settings.Project, [NodeName.EnvironmentVariable] = settings.Node,
                // Through the environment, which other users cannot read; without a shared database a step must not inherit one.
                [DatabaseAddress.EnvironmentVariable] = settings.Folder.SharedDatabase?.Text,
            },
            StepEnvironment = _ => ReplayTime(settings.Clock),
        });
    }

    private static Dictionary<string, string?> ReplayTime(TimeProvider clock) =>
        clock is ReplayClock ? new() { [ReplayClock.EnvironmentVariable] = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) } : [];
}
