using Workbench.Features;
using Workbench.Training.Tabular;

namespace Workbench.Training.Trees;

/// <summary>Grown trees.</summary>
internal sealed class TreePredictor(TreeEnsemble ensemble) : TabularPredictor
{
    public TreeEnsemble Ensemble { get; } = ensemble;

    /// <summary>Thresholds, leaves and bases.</summary>
    public override long ParameterCount => Ensemble.Bases.Count + Ensemble.Trees.Sum(tree => (long)tree.Values.Length);

    public override float[] Scores(TabularData data, TabularPreprocessor preprocessor) =>
        Ensemble.Scores(TreeInputs.From(data, preprocessor), data.Rows);

    public override IReadOnlyList<SafeTensor> ToTensors() => Ensemble.ToTensors();
}
