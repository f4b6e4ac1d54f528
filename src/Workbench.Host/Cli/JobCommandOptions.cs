using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workbench.Distributed;
using Workbench.Distributed.Launch;

namespace Workbench.Host.Cli;

/// <summary>
/// <c>--nproc</c> and its kin: with them a command is the supervisor of a job, whose ranks are the same command line. A rank
/// goes on from the job's checkpoints when the job was restarted.
/// </summary>
internal sealed class JobCommandOptions
{
    private const string CheckpointsVariable = "WORKBENCH_CHECKPOINTS", KeyVariable = "WORKBENCH_JOB_KEY";

    private readonly Option<int?> _processes = new("--nproc") { Description = "Ranks that train together, each a process. Needs Open MPI (openmpi-bin). Default: this process alone.", HelpName = "N" };
    private readonly Option<string?> _hosts = new("--hosts") { Description = "Hosts and their ranks, such as a:2,b:2. Default: all on this host.", HelpName = "HOSTS" };
    private readonly Option<string> _backend = new("--backend") { Description = "Engine of what ranks do together: auto, mpi or nccl.", HelpName = "ENGINE", DefaultValueFactory = _ => "auto" };
    private readonly Option<int> _restarts = new("--max-restarts") { Description = "How often a job that lost a rank is started anew from its last checkpoint.", HelpName = "N", DefaultValueFactory = _ => 3 };
    private readonly Option<TimeSpan?> _stall = DurationText.Option("--stall-timeout", [], "Time without a step of any rank after which the job is aborted. Default 5m.");

    public JobCommandOptions() => _processes.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && !(int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 4_096))
            result.AddError($"--nproc '{result.Tokens[0].Value}' is not allowed. Give a whole number from 1 to 4096.");
    });

    public IEnumerable<Option> All => [_processes, _hosts, _backend, _restarts, _stall];

    /// <summary>Where this rank's training keeps its checkpoints; null outside of a job.</summary>
    public static string? Checkpoints => Environment.GetEnvironmentVariable(CheckpointsVariable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Names this call of the job, the same in all attempts, so that what an attempt that died has registered is not registered twice; null outside of a job.</summary>
    public static string? Key => Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key ? key : null;

    /// <summary>Runs <paramref name="work"/>: alone, as a rank of a job, or by a job of ranks that this process supervises.</summary>
    /// <param name="parsed">The command line, which the ranks get as well.</param>
    /// <param name="input">File or folder that the work reads: with another content the job begins anew.</param>
    /// <param name="folder">Where checkpoints of jobs are kept until they are done.</param>
    /// <param name="gate">Asked first, once and not by every rank: whether to begin at all.</param>
    /// <param name="work">What a rank does.</param>
    /// <param name="cancellationToken">Ends the job with all its processes.</param>
    public async Task<int> RunAsync(ParseResult parsed, string input, string folder, Func<Task<bool>> gate, Func<ParseResult, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        if (RankSession.Join() is { } session)
            return await AsRankAsync(session, parsed, work, cancellationToken);
        if (!await gate())
            return ExitCode.GateSaidNo;
        if (parsed.GetValue(_processes) is null && parsed.GetValue(_hosts) is null)
            return await work(parsed, cancellationToken);
        return await SuperviseAsync(parsed, input, folder, cancellationToken);
    }

    private static async Task<int> AsRankAsync(RankSession session, ParseResult parsed, Func<ParseResult, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        using (session)
        {
            IDisposable? ranks = null; // disposed only when all went well: to leave waits for the others
            int code;
            try
            {
                ranks = session.EnterRanks();
                code = await work(parsed, cancellationToken);
            }
            catch (Exception failure) // The edge of the rank.
            {
                // An engine that is missing, or wrong input, would be so again.
                session.Fail(failure, isFinal: ranks is null || failure is not DistributedException and (ArgumentException or CommandException or WorkbenchException));
                throw;
            }
            ranks.Dispose();
            session.Done();
            return code;
        }
    }

    private async Task<int> SuperviseAsync(ParseResult parsed, string input, string folder, CancellationToken cancellationToken)
    {
        string[] command = [.. parsed.Tokens.Select(token => token.Value)];
        string checkpoints = Path.Combine(folder, "jobs", Name(command, input));
        var hosts = parsed.GetValue(_hosts) is { } text ? JobHosts.Parse(text) : [];
        var result = await new JobSupervisor(new()
        {
            Command = SelfCommand.With(command), Processes = parsed.GetValue(_processes) ?? hosts.Sum(host => host.Slots), Hosts = hosts, Backend = parsed.GetValue(_backend)!, // has a default
            MaxRestarts = parsed.GetValue(_restarts), StallTimeout = parsed.GetValue(_stall) ?? TimeSpan.FromMinutes(5),
            Environment = new Dictionary<string, string> { [CheckpointsVariable] = checkpoints, [KeyVariable] = $"job {Guid.NewGuid():N}" },
        }, new Printing()).RunAsync(cancellationToken);
        if (!result.Succeeded)
            throw new CommandException(string.Join('\n',
            [
                $"The job failed in attempt {result.Attempts}:", .. result.Reasons,
                .. Directory.Exists(checkpoints) ? new[] { $"The same command goes on from the last checkpoint in '{checkpoints}'." } : [],
            ]));
        if (Directory.Exists(checkpoints))
            Directory.Delete(checkpoints, recursive: true);
        return ExitCode.Done;
    }

    // The same command over the same files is the same job.
    private static string Name(IReadOnlyList<string> command, string input)
    {
        string path = Path.GetFullPath(input, ProjectFolder.Current);
        var files = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : File.Exists(path) ? [path] : [];
        string text = string.Join('\n', [.. command, .. files.Order(StringComparer.Ordinal).Select(file => new FileInfo(file)).Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}"))]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <summary>Rank 0's words, everybody's errors, and what happens to the job.</summary>
    private sealed class Printing : IProgress<JobEvent>
    {
        private readonly Lock _lock = new();

        public void Report(JobEvent value)
        {
            lock (_lock)
            {
                // The launcher's own words are in the reason when it is at fault; else they only tell of a rank's end once more.
                if (value is { Kind: JobEventKind.Output, Rank: { } rank, IsError: true })
                    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[rank {rank}] {value.Text}"));
                else if (value is { Kind: JobEventKind.Output, Rank: 0 })
                    Console.WriteLine(value.Text);
                else if (Words(value) is { } words)
                    Console.Error.WriteLine(words);
            }
        }

        private static string? Words(JobEvent value) => value.Kind switch
        {
            JobEventKind.RankStarted => string.Create(CultureInfo.InvariantCulture, $"rank {value.Rank}: {value.Text}"),
            JobEventKind.Aborted => value.Text,
            JobEventKind.Starting => string.Create(CultureInfo.InvariantCulture, $"attempt {value.Attempt}: {value.Size} ranks"),
            JobEventKind.Restarting => string.Create(CultureInfo.InvariantCulture, $"attempt {value.Attempt}: {value.Size} ranks, in {value.Delay?.TotalSeconds:0.#} s"),
            _ => null, // a fault is told when its attempt is over, the end by the caller
        };
    }
}
