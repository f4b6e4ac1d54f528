using System.Globalization;
using Workbench.Data;
using Workbench.Distributed;
using Workbench.Distributed.Launch;
using Workbench.Notebooks.Kernel;
using Workbench.Registry;

namespace Workbench.Notebooks;

/// <summary>
/// Runs jobs of several ranks from a cell and shows them while they run. The ranks are processes of their own, never the
/// kernel. An interrupt of the cell ends every process of the job before the cell ends; so does the end of the kernel, within
/// 10 seconds. Works in cells only. Thread-safe.
/// </summary>
/// <example><code>
/// var result = await Job.TrainAsync("data/samples/churn", label: "churned", processes: 2);
/// Console.WriteLine(result.Model);
/// </code></example>
public static class Job
{
    /// <summary>Trains a tabular model as <c>workbench train</c> does, and registers it.</summary>
    /// <param name="data">Parquet or CSV: file, glob or folder.</param>
    /// <param name="label">Column to predict.</param>
    /// <param name="processes">Ranks that train together, each a process on this machine; more than one needs Open MPI.</param>
    /// <param name="model">Name of the model that is registered; null for the file's name and the label's.</param>
    /// <param name="arguments">More of <c>workbench train</c>, such as <c>["--epochs", "10", "--leave-out", "row_id"]</c>.</param>
    /// <param name="cancellationToken">Ends the job with all its processes, as an interrupt of the cell does.</param>
    /// <returns>How it ended, with the model that it registered.</returns>
    /// <exception cref="DistributedException">The job failed; names the rank and what it said. Or Open MPI is missing.</exception>
    public static Task<JobResult> TrainAsync(
        string data, string label, int processes = 1, string? model = null, IReadOnlyList<string>? arguments = null, CancellationToken cancellationToken = default) =>
        WorkbenchAsync(["train", data, "--label", label, .. model is null ? Array.Empty<string>() : ["--model", model], .. arguments ?? []], processes, $"Training {label} of {data}", cancellationToken);

    /// <summary>Runs a command of <c>workbench</c> that trains, such as <c>["train", ...]</c>, as the ranks of a job.</summary>
    /// <param name="arguments">The command and its arguments, without <c>--nproc</c>.</param>
    /// <param name="processes">Ranks, each a process on this machine.</param>
    /// <param name="title">What stands above the display; null for the command.</param>
    /// <param name="cancellationToken">Ends the job with all its processes.</param>
    /// <returns>How it ended, with the model that it registered.</returns>
    /// <exception cref="DistributedException">The job failed; names the rank and what it said. Or Open MPI is missing.</exception>
    public static async Task<JobResult> WorkbenchAsync(IReadOnlyList<string> arguments, int processes = 1, string? title = null, CancellationToken cancellationToken = default)
    {
        string id = Guid.NewGuid().ToString("N"), key = $"cell {id}";
        var folder = Folder(arguments);
        string checkpoints = Path.Combine(folder.Path, "jobs", $"cell-{id}");
        var options = new JobOptions
        {
            Command = [.. KernelSession.Current.WorkbenchCommand, .. arguments], Processes = processes,
            // What the command's own supervisor gives to its ranks.
            Environment = new Dictionary<string, string> { ["WORKBENCH_CHECKPOINTS"] = checkpoints, ["WORKBENCH_JOB_KEY"] = key },
        };
        return await HoldAsync(async token =>
        {
            try
            {
                return await SuperviseAsync(options, title ?? string.Join(' ', arguments), checkpoints, token);
            }
            catch (Exception failure) when (Directory.Exists(folder.Path)) // The edge of the job: its ranks leave their run to whoever supervises them.
            {
                await ModelRegistry.Open(folder).EndJobAsync(key, failure is OperationCanceledException ? RunStatus.Killed : RunStatus.Failed, failure.Message, CancellationToken.None);
                throw;
            }
        }, cancellationToken);
    }

    /// <summary>Runs any program as the ranks of a job and shows it; each rank begins with <see cref="RankSession.Join"/>.</summary>
    /// <param name="options">Program, number of ranks, restarts.</param>
    /// <param name="title">What stands above the display.</param>
    /// <param name="cancellationToken">Ends the job with all its processes.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ArgumentException">The options are wrong; lists every error.</exception>
    /// <exception cref="DistributedException">The job failed; names the rank and what it said. Or the program or Open MPI is missing.</exception>
    /// <exception cref="OperationCanceledException">It was stopped; no process of it is left.</exception>
    public static Task<JobResult> RunAsync(JobOptions options, string title = "Job", CancellationToken cancellationToken = default) =>
        HoldAsync(token => SuperviseAsync(options, title, null, token), cancellationToken);

    // The data folder that the command will take.
    private static DataFolder Folder(IReadOnlyList<string> arguments)
    {
        int option = arguments.ToList().IndexOf("--data");
        return option >= 0 && option + 1 < arguments.Count ? new DataFolder(Path.GetFullPath(arguments[option + 1])) { SharedDatabase = DatabaseAddress.FromEnvironment() } : DataFolder.FromEnvironment();
    }

    // On the thread pool: what waits behind an await of an interrupted cell is not resumed, and the job must be ended all the same.
    private static Task<JobResult> HoldAsync(Func<CancellationToken, Task<JobResult>> supervise, CancellationToken cancellationToken)
    {
        var (session, cell) = (KernelSession.Current, KernelSession.Current.CancellationToken);
        return session.Hold(Task.Run(async () =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cell, cancellationToken);
            return await supervise(stop.Token);
        }, CancellationToken.None));
    }

    private static async Task<JobResult> SuperviseAsync(JobOptions options, string title, string? checkpoints, CancellationToken cancellationToken)
    {
        using var display = new JobDisplay(title, TimeProvider.System);
        try
        {
            var result = await new JobSupervisor(options, display).RunAsync(cancellationToken);
            return result.Succeeded ? result
                : throw new DistributedException(string.Create(CultureInfo.InvariantCulture, $"The job failed in attempt {result.Attempts}: {string.Join(" ", result.Reasons)}"));
        }
        finally
        {
            // They are for restarts; the same cell run again begins anew.
            if (Directory.Exists(checkpoints))
                Directory.Delete(checkpoints, recursive: true);
        }
    }
}
