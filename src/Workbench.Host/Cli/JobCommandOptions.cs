using System.CommandLine;
using System.Globalization;
using Workbench.Distributed.Launch;
using Workbench.Host.Activities;
using Workbench.Host.Jobs;

namespace Workbench.Host.Cli;

/// <summary>
/// <c>--nproc</c> and its kin: with them a command is the supervisor of a job, whose ranks are the same command line. A rank
/// goes on from the job's checkpoints when the job was restarted.
/// </summary>
internal sealed class JobCommandOptions
{
    private readonly Option<int?> _processes = new("--nproc") { Description = "Ranks that train together, each a process. Needs Open MPI (openmpi-bin). Default: this process alone.", HelpName = "N" };
    private readonly Option<string?> _hosts = new("--hosts") { Description = "Hosts and their ranks, such as a:2,b:2. Default: all on this host.", HelpName = "HOSTS" };
    private readonly Option<string> _backend = new("--backend") { Description = "Engine of what ranks do together: auto, mpi or nccl.", HelpName = "ENGINE", DefaultValueFactory = _ => "auto" };
    private readonly Option<int> _restarts = TuneCommand.Number("--max-restarts", 3, 0, StepJob.MostRestarts, "How often a job that lost a rank is started anew from its last checkpoint.");
    private readonly Option<TimeSpan?> _stall = DurationText.Option("--stall-timeout", [], "Time without a step of any rank after which the job is aborted; longer than the longest evaluation. Default 5m.");

    public JobCommandOptions()
    {
        _backend.AcceptOnlyFromAmong([.. JobOptions.Backends]);
        _processes.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= StepJob.MostProcesses))
                result.AddError($"--nproc '{result.Tokens[0].Value}' is not allowed. Give a whole number from 1 to {StepJob.MostProcesses}.");
        });
        _hosts.Validators.Add(result =>
        {
            try
            {
                if (result.Tokens.Count == 1 && SupervisedJob.Hosts(result.Tokens[0].Value).Count == 0)
                    result.AddError("--hosts names none. Give names with their ranks, such as a:2,b:2, or leave it out.");
            }
            catch (CommandException failure)
            {
                result.AddError($"--hosts: {failure.Message}");
            }
        });
    }

    public IEnumerable<Option> All => [_processes, _hosts, _backend, _restarts, _stall];

    /// <summary>Runs the command: alone, as a rank of a job, or by a job of ranks that this process supervises.</summary>
    /// <param name="parsed">The command line, which the ranks get as well.</param>
    /// <param name="command">What it does.</param>
    /// <param name="cancellationToken">Ends the job with all its processes.</param>
    public async Task<int> RunAsync(ParseResult parsed, JobCommand command, CancellationToken cancellationToken)
    {
        if (RankSession.Join() is { } session)
            return await RankJob.RunAsync(session, () => command.Work(parsed, cancellationToken));
        if (!await command.Gate())
            return ExitCode.GateSaidNo;
        if (parsed.GetValue(_processes) is null && parsed.GetValue(_hosts) is null)
            return await command.Work(parsed, cancellationToken);
        return await SuperviseAsync(parsed, command, cancellationToken);
    }

    private async Task<int> SuperviseAsync(ParseResult parsed, JobCommand command, CancellationToken cancellationToken)
    {
        string[] line = [.. parsed.Tokens.Select(token => token.Value)];
        var hosts = SupervisedJob.Hosts(parsed.GetValue(_hosts));
        int processes = parsed.GetValue(_processes) ?? hosts.Sum(host => host.Slots);
        command.Check(processes);
        var data = command.Folder();
        using var folder = JobFolder.Open(data.Path, Identity(line, command.Inputs));
        int code = await SupervisedJob.RunAsync(new()
        {
            Command = SelfCommand.With(line), Processes = processes, Hosts = hosts, Backend = parsed.GetValue(_backend)!, // has a default
            MaxRestarts = parsed.GetValue(_restarts), StallTimeout = parsed.GetValue(_stall) ?? TimeSpan.FromMinutes(5),
        }, folder, data, new(Console.Out, Console.Error), "The same command", failure => command.Failed(folder.Key, failure), cancellationToken);
        folder.Delete();
        return code;
    }

    // The same command over the same files is the same job.
    private static string Identity(IEnumerable<string> line, IEnumerable<string> inputs)
    {
        var files = inputs.Select(input => Path.GetFullPath(input, ProjectFolder.Current))
            .SelectMany(path => Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : File.Exists(path) ? [path] : []);
        return string.Join('\n', [.. line, .. files.Order(StringComparer.Ordinal).Select(file => new FileInfo(file))
            .Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"))]);
    }
}
