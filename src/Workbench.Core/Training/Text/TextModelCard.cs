using Workbench.Features;

namespace Workbench.Training.Text;

/// <summary>What <c>model.json</c> of a text classifier holds: everything but its weights.</summary>
internal sealed record TextModelCard
{
    public const string Format = "workbench.text/1";

    public required TextVocabulary Vocabulary { get; init; }
    public required IReadOnlyList<string> Classes { get; init; }
    public required TextTrainingOptions Options { get; init; }
    public required string TrainedOn { get; init; }
    public required IReadOnlyList<EpochResult> History { get; init; }
    public required int BestEpoch { get; init; }
    public required string WeightsHash { get; init; }
}
