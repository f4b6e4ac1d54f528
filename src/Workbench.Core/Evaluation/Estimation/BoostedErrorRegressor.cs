using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Workbench.Data;

namespace Workbench.Evaluation.Estimation;

/// <summary>
/// Gradient-boosted trees by ML.NET's FastTree with LightGBM's default sizes (100 trees of 31 leaves, 20 rows a leaf, rate
/// 0.1), on one thread: the same rows and seed give the same trees.
/// </summary>
/// <param name="seed">Default 0.</param>
public sealed class BoostedErrorRegressor(int seed = 0) : IErrorRegressor
{
    private const int Trees = 100, Leaves = 31, LeafRows = 20;
    private const double Rate = 0.1;

    private readonly MLContext _context = new(seed);
    private ITransformer? _model;
    private int _width;
    private double _mean, _deviation;

    private sealed class Row
    {
        public float[] Inputs { get; init; } = [];
        public float Loss { get; init; }
    }

    /// <inheritdoc/>
    public void Fit(float[] inputs, int width, double[] losses, CancellationToken cancellationToken = default)
    {
        if (width < 1 || inputs.Length != (long)width * losses.Length || losses.Length == 0)
            throw new ArgumentException($"There are {inputs.Length} inputs for {losses.Length} losses with {width} columns; each row needs one of each column.", nameof(inputs));
        cancellationToken.ThrowIfCancellationRequested();
        _width = width;
        _mean = losses.Average();
        _deviation = Math.Sqrt(losses.Average(loss => (loss - _mean) * (loss - _mean)));
        if (_deviation == 0 || losses.Length < 2 * LeafRows)
            return; // nothing to learn: the mean says it all
        var trainer = _context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options
        {
            FeatureColumnName = nameof(Row.Inputs), LabelColumnName = nameof(Row.Loss), NumberOfTrees = Trees, NumberOfLeaves = Leaves,
            MinimumExampleCountPerLeaf = LeafRows, LearningRate = Rate, NumberOfThreads = 1, Seed = seed, FeatureSelectionSeed = seed,
        });
        _model = trainer.Fit(Rows(inputs, i => (float)((losses[i] - _mean) / _deviation)));
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It was not fitted.</exception>
    /// <exception cref="DataException">The inputs have another width than those it was fitted on.</exception>
    public double[] Predict(float[] inputs)
    {
        if (_width == 0)
            throw new InvalidOperationException("The regressor was not fitted. Call Fit first.");
        if (inputs.Length % _width != 0)
            throw new DataException($"There are {inputs.Length} inputs, no multiple of the {_width} columns that were fitted.");
        return _model is null
            ? [.. Enumerable.Repeat(_mean, inputs.Length / _width)]
            : [.. _model.Transform(Rows(inputs, _ => 0)).GetColumn<float>("Score").Select(score => _mean + _deviation * score)];
    }

    private IDataView Rows(float[] inputs, Func<int, float> loss)
    {
        var columns = SchemaDefinition.Create(typeof(Row));
        columns[nameof(Row.Inputs)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _width);
        return _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, inputs.Length / _width).Select(i => new Row { Inputs = inputs.AsSpan(i * _width, _width).ToArray(), Loss = loss(i) }), columns);
    }
}
