using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Workbench.Features;

namespace Workbench.Training.Trees;

/// <summary>
/// Grows trees with ML.NET on one thread, so that the same rows and seed give the same trees on every machine. Several
/// classes are one model against the rest each.
/// </summary>
internal sealed class TreeTrainer
{
    private sealed class Row
    {
        public float[] Inputs { get; init; } = [];
        public float Value { get; init; }
        public bool IsPositive { get; init; }
        public float Weight { get; init; }
    }

    private readonly MLContext _context;
    private readonly TabularTrainingOptions _options;
    private readonly SchemaDefinition _columns;

    private TreeTrainer(TabularTrainingOptions options, int width)
    {
        _options = options;
        _context = new MLContext((int)(options.Seed % int.MaxValue));
        _columns = SchemaDefinition.Create(typeof(Row));
        _columns[nameof(Row.Inputs)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
    }

    private int Seed => (int)(_options.Seed % int.MaxValue);

    /// <summary>All rounds of all outputs, in the order of the rounds.</summary>
    /// <param name="inputs">Row-major [N × F].</param>
    /// <param name="labels">[N]: classes, or standardised values of a regression.</param>
    /// <param name="task">The task.</param>
    /// <param name="outputs">O: the number of classes of a multiclass task, else 1.</param>
    /// <param name="classWeights">[C], or null.</param>
    /// <param name="options">What to grow.</param>
    /// <param name="cancellationToken">Stops before the next output's trees; ML.NET offers no way to stop between trees.</param>
    public static TreeEnsemble Grow(
        float[] inputs, float[] labels, PredictionTask task, int outputs, IReadOnlyList<float>? classWeights,
        TabularTrainingOptions options, CancellationToken cancellationToken)
    {
        EnsureAvailable(options.Architecture);
        int width = inputs.Length / labels.Length;
        var trainer = new TreeTrainer(options, width);
        var rows = labels.Select((_, row) => inputs.AsSpan(row * width, width).ToArray()).ToList();
        float Weight(float label) => classWeights is null ? 1 : classWeights[(int)label];
        var grown = Enumerable.Range(0, outputs).Select(output =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var data = trainer._context.Data.LoadFromEnumerable(rows.Select((row, i) => new Row
            {
                Inputs = row, Value = labels[i], Weight = Weight(labels[i]),
                IsPositive = task == PredictionTask.Multiclass ? (int)labels[i] == output : labels[i] > 0.5f,
            }), trainer._columns);
            return task == PredictionTask.Regression ? trainer.Regression(data) : trainer.Binary(data, output);
        }).ToList();
        return new()
        {
            Inputs = width,
            Bases = [.. grown.Select(one => one.Base)],
            Trees = [.. Enumerable.Range(0, grown.Max(one => one.Trees.Count)).SelectMany(round => grown.Where(one => round < one.Trees.Count).Select(one => one.Trees[round]))],
        };
    }

    /// <summary>Looks for LightGBM's native library; FastTree needs none.</summary>
    /// <exception cref="TrainingException">It does not load; names the remedy.</exception>
    private static void EnsureAvailable(TabularArchitecture architecture)
    {
        if (architecture == TabularArchitecture.LightGbm && !NativeLibrary.TryLoad("lib_lightgbm", typeof(LightGbmBinaryTrainer).Assembly, null, out _))
            throw new TrainingException(
                "LightGBM's native library lib_lightgbm does not load; it needs the OpenMP runtime. Install that (Debian and Ubuntu: apt-get install libgomp1; macOS: brew install libomp), or choose the architecture FastTree.");
    }

    private (float Base, List<DecisionTree> Trees) Binary(IDataView data, int output)
    {
        if (_options.Architecture == TabularArchitecture.LightGbm)
        {
            var model = _context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
            {
                FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.IsPositive), ExampleWeightColumnName = nameof(Row.Weight),
                NumberOfIterations = _options.Trees.Rounds, NumberOfLeaves = _options.Trees.Leaves, LearningRate = _options.Trees.LearningRate,
                MinimumExampleCountPerLeaf = _options.Trees.MinimumLeafRows, NumberOfThreads = 1, Seed = Seed, Deterministic = true,
            }).Fit(data).Model;
            return Trees(model.SubModel.TrainedTreeEnsemble, model.Calibrator, output);
        }
        var fast = _context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.IsPositive), ExampleWeightColumnName = nameof(Row.Weight),
            NumberOfTrees = _options.Trees.Rounds, NumberOfLeaves = _options.Trees.Leaves, LearningRate = _options.Trees.LearningRate,
            MinimumExampleCountPerLeaf = _options.Trees.MinimumLeafRows, NumberOfThreads = 1, Seed = Seed, FeatureSelectionSeed = Seed,
        }).Fit(data).Model;
        return Trees(fast.SubModel.TrainedTreeEnsemble, fast.Calibrator, output);
    }

    private (float Base, List<DecisionTree> Trees) Regression(IDataView data)
    {
        if (_options.Architecture == TabularArchitecture.LightGbm)
            return Trees(_context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options
            {
                FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.Value), ExampleWeightColumnName = nameof(Row.Weight),
                NumberOfIterations = _options.Trees.Rounds, NumberOfLeaves = _options.Trees.Leaves, LearningRate = _options.Trees.LearningRate,
                MinimumExampleCountPerLeaf = _options.Trees.MinimumLeafRows, NumberOfThreads = 1, Seed = Seed, Deterministic = true,
            }).Fit(data).Model.TrainedTreeEnsemble, null, 0);
        return Trees(_context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options
        {
            FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.Value), ExampleWeightColumnName = nameof(Row.Weight),
            NumberOfTrees = _options.Trees.Rounds, NumberOfLeaves = _options.Trees.Leaves, LearningRate = _options.Trees.LearningRate,
            MinimumExampleCountPerLeaf = _options.Trees.MinimumLeafRows, NumberOfThreads = 1, Seed = Seed, FeatureSelectionSeed = Seed,
        }).Fit(data).Model.TrainedTreeEnsemble, null, 0);
    }

    // A calibrator says p = 1 / (1 + exp(slope · score + offset)), so that -slope · score - offset is the logit.
    private static (float Base, List<DecisionTree> Trees) Trees(RegressionTreeEnsemble ensemble, PlattCalibrator? calibrator, int output)
    {
        double scale = -calibrator?.Slope ?? 1, offset = -calibrator?.Offset ?? 0;
        return ((float)(scale * ensemble.Bias + offset), ensemble.Trees.Select((tree, i) => Tree(tree, scale * ensemble.TreeWeights[i], output)).ToList());
    }

    // ML.NET numbers inner nodes from 0 in the order they were split, and leaf i as ~i; ours are inner nodes, then leaves.
    private static DecisionTree Tree(RegressionTree tree, double scale, int output)
    {
        int inner = tree.NumberOfNodes, leaves = tree.NumberOfLeaves;
        int Place(int child) => child >= 0 ? child : inner + ~child;
        return new()
        {
            Output = output,
            Inputs = [.. tree.NumericalSplitFeatureIndexes.Take(inner), .. Enumerable.Repeat(-1, leaves)],
            Values = [.. tree.NumericalSplitThresholds.Take(inner), .. tree.LeafValues.Take(leaves).Select(value => (float)(value * scale))],
            Left = [.. tree.LeftChild.Take(inner).Select(Place), .. Enumerable.Repeat(-1, leaves)],
            Right = [.. tree.RightChild.Take(inner).Select(Place), .. Enumerable.Repeat(-1, leaves)],
        };
    }
}
