using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>Tells what happens in an attempt, from one thread at a time. Thread-safe.</summary>
internal sealed class JobEvents(IProgress<JobEvent>? progress, TimeProvider time)
{
    private readonly Lock _lock = new();

    /// <summary>The attempt that events are about, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>The model that a rank registered last; null when none did.</summary>
    public JobModel? Model { get; private set; }

    public void Tell(JobEventKind kind, Func<JobEvent, JobEvent>? with = null)
    {
        if (progress is null)
            return;
        lock (_lock)
        {
            var told = new JobEvent(kind, time.GetUtcNow(), Attempt);
            progress.Report(with is null ? told : with(told));
        }
    }

    public void Tell(JobEventKind kind, string text) => Tell(kind, told => told with { Text = text });

    public void TellOutput(int? rank, string text, bool isError) =>
        Tell(JobEventKind.Output, told => told with { Rank = rank, Text = text, IsError = isError });

    public void TellReport(int rank, long? step, JsonObject data)
    {
        Model = JobModel.Read(data) ?? Model;
        Tell(JobEventKind.RankReported, told => told with { Rank = rank, Step = step, Data = data });
    }
}
