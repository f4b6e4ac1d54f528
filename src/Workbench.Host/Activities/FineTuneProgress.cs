using System.Globalization;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>Lines about a training: one every twentieth of the way or ten seconds, and one for each validation. Hands every event on.</summary>
internal sealed class FineTuneProgress(TextWriter writer, TimeProvider clock, IProgress<TrainingEvent>? next = null) : IProgress<TrainingEvent>
{
    private const int Lines = 20, Width = 24;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly long _started = clock.GetTimestamp();
    private long _told;
    private long _last = -1;
    private long? _first;

    public void Report(TrainingEvent value)
    {
        next?.Report(value);
        switch (value)
        {
            case TrainingEvent.Progress progress:
                Tell(progress);
                break;
            case TrainingEvent.Validated validated:
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"step {validated.Step}: perplexity on new held-out text {Math.Exp(validated.Result.Loss):F3}{(validated.IsBest ? ", the best so far" : $"; the best was at step {validated.BestStep}")}"));
                break;
            case TrainingEvent.Resumed resumed:
                _first = resumed.Step;
                writer.WriteLine($"goes on from step {resumed.Step}, {resumed.Path}");
                break;
            case TrainingEvent.CheckpointDamaged damaged:
                writer.WriteLine($"checkpoint {damaged.Path} is damaged and left alone: {damaged.Reason}");
                break;
        }
    }

    private void Tell(TrainingEvent.Progress progress)
    {
        long twentieth = progress.TotalSteps is { } total ? Lines * progress.Step / total : 0;
        if (twentieth == _last && clock.GetElapsedTime(_told) < Longest)
            return;
        (_last, _told) = (twentieth, clock.GetTimestamp());
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Bar(progress)} step {progress.Step}{(progress.TotalSteps is { } all ? $" of {all}" : "")}  loss {progress.Loss:F4}  rate {progress.LearningRate:E1}{Left(progress)}"));
    }

    private static string Bar(TrainingEvent.Progress progress)
    {
        if (progress.TotalSteps is not { } total)
            return "";
        int done = (int)(Width * progress.Step / total);
        return $"[{new string('=', done)}{new string(' ', Width - done)}]";
    }

    private string Left(TrainingEvent.Progress progress)
    {
        long done = progress.Step - (_first ?? 0);
        if (progress.TotalSteps is not { } total || done <= 0 || progress.Step >= total)
            return "";
        var left = clock.GetElapsedTime(_started) * ((total - progress.Step) / (double)done);
        return $"  {(left < TimeSpan.FromMinutes(1) ? $"{left.TotalSeconds:F0} s" : left.ToString(left < TimeSpan.FromHours(1) ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture))} left";
    }
}
