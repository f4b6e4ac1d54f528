using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Workbench.Drift.Classifiers;

namespace Workbench.Drift.Multivariate;

/// <summary>Gradient-boosted trees of two classes, grown by ML.NET on one thread, so that the same rows and seed give the same trees.</summary>
internal sealed class BoostedTrees
{
    private const int Rounds = 60;
    private const int Leaves = 16;
    private const int LeafRows = 20;
    private const double LearningRate = 0.1;

    private readonly RegressionTreeEnsemble _ensemble;

    private BoostedTrees(RegressionTreeEnsemble ensemble) => _ensemble = ensemble;

    private sealed class Row
    {
        public float[] Inputs { get; init; } = [];
        public bool IsPositive { get; init; }
    }

    /// <summary>Trains on the <paramref name="chosen"/> rows.</summary>
    public static BoostedTrees Train(FeatureRows rows, bool[] isPositive, int[] chosen, int seed)
    {
        var context = new MLContext(seed);
        var columns = SchemaDefinition.Create(typeof(Row));
        columns[nameof(Row.Inputs)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.Width);
        var data = context.Data.LoadFromEnumerable(chosen.Select(row => new Row { Inputs = rows.Values(row).ToArray(), IsPositive = isPositive[row] }).ToList(), columns);
        var model = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.IsPositive), NumberOfTrees = Rounds, NumberOfLeaves = Leaves,
            LearningRate = LearningRate, MinimumExampleCountPerLeaf = LeafRows, NumberOfThreads = 1, Seed = seed, FeatureSelectionSeed = seed,
        }).Fit(data).Model;
        return new(model.SubModel.TrainedTreeEnsemble);
    }

    /// <summary>The sum of the trees; larger for positive rows.</summary>
    public double Score(FeatureRows rows, int row)
    {
        double sum = 0;
        var values = rows.Values(row);
        for (int i = 0; i < _ensemble.Trees.Count; i++)
            sum += _ensemble.TreeWeights[i] * Leaf(_ensemble.Trees[i], values);
        return sum;
    }

    /// <summary>Adds the gain of every split to its feature.</summary>
    public void AddGains(double[] gains)
    {
        foreach (var tree in _ensemble.Trees)
            for (int node = 0; node < tree.NumberOfNodes; node++)
                gains[tree.NumericalSplitFeatureIndexes[node]] += Math.Max(0, tree.SplitGains[node]);
    }

    // A child below 0 is leaf ~child; a value at or below the threshold goes left.
    private static double Leaf(RegressionTree tree, ReadOnlySpan<float> values)
    {
        if (tree.NumberOfNodes == 0)
            return tree.LeafValues[0];
        int node = 0;
        while (node >= 0)
            node = values[tree.NumericalSplitFeatureIndexes[node]] <= tree.NumericalSplitThresholds[node] ? tree.LeftChild[node] : tree.RightChild[node];
        return tree.LeafValues[~node];
    }
}
