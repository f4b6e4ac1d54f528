using Workbench.Data;
using Workbench.Features;

namespace Workbench.Training;

/// <summary>What <c>model.json</c> holds: everything about a trained model but its weights.</summary>
internal sealed record TabularModelCard
{
    private const string CurrentFormat = "workbench.tabular/2";
    private const string FirstFormat = "workbench.tabular/1";   // binary networks only; every member it has is still one

    public required TabularPreprocessor Preprocessor { get; init; }
    public required TabularTrainingOptions Options { get; init; }
    public required string TrainedOn { get; init; }
    public required IReadOnlyList<EpochResult> History { get; init; }
    public required int BestEpoch { get; init; }
    public required string WeightsHash { get; init; }

    /// <summary>Writes <c>model.json</c> into a folder.</summary>
    public void Write(string folder) => ModelCardFile.Write(folder, CurrentFormat, this);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing, cut, changed or of another format.</exception>
    public static TabularModelCard Read(string folder) => ModelCardFile.Read<TabularModelCard>(folder, CurrentFormat, FirstFormat);
}
