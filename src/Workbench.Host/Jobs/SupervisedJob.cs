using Workbench.Data;
using Workbench.Distributed.Launch;
using Workbench.Host.Cluster;

namespace Workbench.Host.Jobs;

/// <summary>A job of ranks of this program, which this process supervises.</summary>
internal static class SupervisedJob
{
    // Ranks on this host have this process's environment anyhow, those of other hosts have these alone.
    private static readonly string[] HandedOn = [ProjectFolder.EnvironmentVariable, ReplayClock.EnvironmentVariable, NodeName.EnvironmentVariable];

    /// <summary>Runs the job to its end; no process of it is left then. A folder without checkpoints is deleted when it failed.</summary>
    /// <param name="options">What to run; the ranks are told where checkpoints go and what the job's key is.</param>
    /// <param name="folder">The job's.</param>
    /// <param name="data">Data folder and database that the ranks find.</param>
    /// <param name="printing">Prints what happens.</param>
    /// <param name="goesOn">Who goes on from the checkpoints of a job that failed, for its message, such as "The same command".</param>
    /// <param name="failed">Told why it did not succeed, after its end.</param>
    /// <param name="cancellationToken">Ends it with all its processes.</param>
    /// <returns>The exit code of the work.</returns>
    /// <exception cref="CommandException">It failed, or the options are wrong.</exception>
    public static async Task<int> RunAsync(JobOptions options, JobFolder folder, DataFolder data, JobPrinting printing, string goesOn, Func<Exception, Task> failed, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Supervisor(options with { Environment = Variables(folder, data) }, printing).RunAsync(cancellationToken);
            return result.Succeeded ? printing.ExitCode : throw new CommandException(string.Join('\n',
            [
                $"The job failed in attempt {result.Attempts}:", .. result.Reasons, .. folder.HasCheckpoints ? new[] { $"{goesOn} goes on from the last checkpoint in '{folder.Checkpoints}'." } : [],
            ]));
        }
        catch (Exception failure) // The edge of the job.
        {
            await failed(failure);
            if (!folder.HasCheckpoints)
                folder.Delete();
            throw;
        }
    }

    /// <summary>Reads hosts with their ranks, such as a:2,b:2; null or empty for none.</summary>
    /// <exception cref="CommandException">Lists all that is wrong.</exception>
    public static IReadOnlyList<JobHost> Hosts(string? text)
    {
        try
        {
            return JobHosts.Parse(text ?? "");
        }
        catch (ArgumentException failure) // of what a person gave
        {
            throw new CommandException(Words(failure));
        }
    }

    private static JobSupervisor Supervisor(JobOptions options, JobPrinting printing)
    {
        try
        {
            return new(options, printing);
        }
        catch (ArgumentException failure)
        {
            throw new CommandException(Words(failure));
        }
    }

    // People know no parameters of methods.
    private static string Words(ArgumentException failure) => failure.Message.Replace($" (Parameter '{failure.ParamName}')", "", StringComparison.Ordinal);

    private static Dictionary<string, string> Variables(JobFolder folder, DataFolder data)
    {
        var variables = HandedOn.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).Where(variable => variable.Value is { Length: > 0 })
            .ToDictionary(variable => variable.Name, variable => variable.Value!); // just seen
        (variables[RankJob.CheckpointsVariable], variables[RankJob.KeyVariable], variables[DataFolder.EnvironmentVariable]) = (folder.Checkpoints, folder.Key, data.Path);
        if (data.SharedDatabase is { } database)
            variables[DatabaseAddress.EnvironmentVariable] = database.Text;
        return variables;
    }
}
