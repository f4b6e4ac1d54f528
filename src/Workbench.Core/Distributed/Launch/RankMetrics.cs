using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>How a rank's training goes. Trainings of Workbench report it by themselves; a loop of one's own hands it to <see cref="RankSession.Report(RankMetrics)"/>.</summary>
public sealed record RankMetrics
{
    private const string Key = "metrics";

    /// <summary>Optimizer steps done so far.</summary>
    public required long Step { get; init; }

    /// <summary>The epoch at work, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean loss of this rank's own rows since it reported last; null when it had none, or when the loss is no number.</summary>
    public double? TrainingLoss { get; init; }

    /// <summary>Loss of a validation made since it reported last; null when there was none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Rows that all ranks together trained on a second since the last report, validations left out.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>Share, 0 to 1, of that time in which this rank exchanged gradients or waited for the other ranks to do so.</summary>
    public double? WaitShare { get; init; }

    /// <summary>The report that holds these figures: an object <c>metrics</c>, without the figures that are null or no number.</summary>
    public JsonObject ToJson()
    {
        var figures = new JsonObject { ["step"] = Step, ["epoch"] = Epoch };
        foreach (var (name, value) in new[] { ("trainingLoss", TrainingLoss), ("validationLoss", ValidationLoss), ("samplesPerSecond", SamplesPerSecond), ("waitShare", WaitShare) })
            if (value is { } number && double.IsFinite(number))
                figures[name] = number;
        return new() { [Key] = figures };
    }

    /// <summary>The figures in a report; null when it holds none.</summary>
    public static RankMetrics? Read(JsonObject report) =>
        report[Key] is JsonObject figures && figures["step"] is JsonValue step && step.TryGetValue(out long steps) && figures["epoch"] is JsonValue epoch && epoch.TryGetValue(out int epochs)
            ? new()
            {
                Step = steps, Epoch = epochs, TrainingLoss = Number(figures, "trainingLoss"), ValidationLoss = Number(figures, "validationLoss"),
                SamplesPerSecond = Number(figures, "samplesPerSecond"), WaitShare = Number(figures, "waitShare"),
            }
            : null;

    private static double? Number(JsonObject figures, string name) => figures[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
