using System.Text.Json.Nodes;
using Workbench.Distributed;
using Workbench.Distributed.Launch;
using Workbench.Workflows;

namespace Workbench.Host.Jobs;

/// <summary>The job that this process is a rank of: what it is given beside its ranks, and how its work ends.</summary>
internal static class RankJob
{
    /// <summary>Environment variables from the supervisor.</summary>
    public const string CheckpointsVariable = "WORKBENCH_CHECKPOINTS", KeyVariable = "WORKBENCH_JOB_KEY";

    /// <summary>What rank 0 reports when its work ended with another code than 0.</summary>
    public const string ExitCodeReport = "exitCode";

    /// <summary>Where this rank's training keeps its checkpoints; null outside of a job.</summary>
    public static string? Checkpoints => Given(CheckpointsVariable);

    /// <summary>Names the job, the same in all attempts, so that what an attempt that died has registered is not registered twice; null outside of a job.</summary>
    public static string? Key => Given(KeyVariable);

    /// <summary>Whether this process is the one that says and keeps what all have computed. True outside of a job.</summary>
    public static bool IsFirst => Collective.Current.Rank == 0;

    /// <summary>Does the work of a rank to the end that its supervisor waits for.</summary>
    /// <returns>The exit code of the process: 0, for another would be a rank that failed; the work's own is reported.</returns>
    public static async Task<int> RunAsync(RankSession session, Func<Task<int>> work)
    {
        using (session)
        {
            IDisposable? ranks = null; // disposed only when all went well: to leave waits for the others
            try
            {
                ranks = session.EnterRanks();
                int code = await work();
                if (code != ExitCode.Done && session.Rank == 0)
                    session.Report(new JsonObject { [ExitCodeReport] = code });
            }
            catch (Exception failure) // The edge of the rank.
            {
                // An engine that is missing, or wrong input, would be so again.
                session.Fail(failure, isFinal: ranks is null || failure is not DistributedException and (ArgumentException or CommandException or WorkbenchException or WorkflowException));
                throw;
            }
            ranks.Dispose();
            session.Done();
            return ExitCode.Done;
        }
    }

    private static string? Given(string variable) => RankSession.Current is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
