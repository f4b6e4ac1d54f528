using System.Globalization;
using Workbench.Distributed.Launch;

namespace Workbench.Host.Jobs;

/// <summary>Prints rank 0's words as its own, everybody's errors, and what happens to the job.</summary>
internal sealed class JobPrinting(TextWriter output, TextWriter error) : IProgress<JobEvent>
{
    private readonly Lock _lock = new();

    /// <summary>The exit code that rank 0 reported; 0 while it has reported none.</summary>
    public int ExitCode { get; private set; }

    public void Report(JobEvent value)
    {
        lock (_lock)
        {
            // The launcher's own words are in the reason when it is at fault; else they only tell of a rank's end once more.
            if (value is { Kind: JobEventKind.Output, Rank: { } rank, IsError: true })
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[rank {rank}] {value.Text}"));
            else if (value is { Kind: JobEventKind.Output, Rank: 0 })
                output.WriteLine(value.Text);
            else if (value is { Kind: JobEventKind.RankReported, Rank: 0, Data: { } data } && data[RankJob.ExitCodeReport] is { } code)
                ExitCode = (int)code;
            else if (Words(value) is { } words)
                error.WriteLine(words);
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
