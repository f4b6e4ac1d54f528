using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training;
using Workbench.Training.Trees;

namespace Workbench.Core.Tests.Training;

public sealed class TreeTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; init; } = [];
        public bool Label { get; init; }
        public float Value { get; init; }
    }

    private sealed class Scored
    {
        public float Score { get; init; }
    }

    private static (TabularPreprocessor Preprocessor, TabularData Rows) Data(PredictionTask task)
    {
        var rows = FlowerRows.Generate(task, 1_000, 4);
        return (TabularPreprocessor.Fit(rows), rows);
    }

    private static TabularTrainingOptions Options(TabularArchitecture architecture) => new() { Architecture = architecture, Trees = new() { Rounds = 30, Leaves = 8, LearningRate = 0.1 } };

    /// <summary>Expected: what ML.NET itself says of the same rows with the same settings. Tolerance: our leaves are float32, sums are double.</summary>
    [Theory]
    [InlineData(TabularArchitecture.LightGbm, PredictionTask.Binary)]
    [InlineData(TabularArchitecture.LightGbm, PredictionTask.Regression)]
    [InlineData(TabularArchitecture.FastTree, PredictionTask.Binary)]
    [InlineData(TabularArchitecture.FastTree, PredictionTask.Regression)]
    public void Grow_SameRows_ScoresAsMlNetDoes(TabularArchitecture architecture, PredictionTask task)
    {
        LightGbmLibrary.SkipWhereAbsent(architecture);
        var (preprocessor, rows) = Data(task);
        var inputs = TreeInputs.From(rows, preprocessor);   // 2 numbers, 3 colours and the bucket
        float[] labels = task == PredictionTask.Regression ? Array.ConvertAll(rows.Labels, label => label / 100) : rows.Labels;
        var ensemble = TreeTrainer.Grow(inputs, labels, task, 1, null, Options(architecture), TestContext.Current.CancellationToken);
        var expected = MlNet(architecture, task, inputs, labels);
        var actual = ensemble.Scores(inputs, rows.Rows);
        Assert.Equal(30, ensemble.Trees.Count);
        Assert.True(expected.Distinct().Count() > 20);
        for (int row = 0; row < rows.Rows; row++)
            Assert.Equal(expected[row], actual[row], 2e-6 * Math.Max(1, Math.Abs(expected[row])));
    }

    private static float[] MlNet(TabularArchitecture architecture, PredictionTask task, float[] inputs, float[] labels)
    {
        var context = new MLContext(42);
        var data = context.Data.LoadFromEnumerable(labels.Select((label, row) => new Row { Features = inputs[(row * 6)..(row * 6 + 6)], Label = label > 0.5f, Value = label }));
        bool isLight = architecture == TabularArchitecture.LightGbm;
        ITransformer model = task == PredictionTask.Regression
            ? isLight
                ? context.Regression.Trainers.LightGbm(new LightGbmRegressionTrainer.Options { LabelColumnName = "Value", NumberOfIterations = 30, NumberOfLeaves = 8, LearningRate = 0.1, MinimumExampleCountPerLeaf = 20, NumberOfThreads = 1, Seed = 42, Deterministic = true }).Fit(data)
                : context.Regression.Trainers.FastTree(new FastTreeRegressionTrainer.Options { LabelColumnName = "Value", NumberOfTrees = 30, NumberOfLeaves = 8, LearningRate = 0.1, MinimumExampleCountPerLeaf = 20, NumberOfThreads = 1, Seed = 42, FeatureSelectionSeed = 42 }).Fit(data)
            : isLight
                ? context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options { NumberOfIterations = 30, NumberOfLeaves = 8, LearningRate = 0.1, MinimumExampleCountPerLeaf = 20, NumberOfThreads = 1, Seed = 42, Deterministic = true }).Fit(data)
                : context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options { NumberOfTrees = 30, NumberOfLeaves = 8, LearningRate = 0.1, MinimumExampleCountPerLeaf = 20, NumberOfThreads = 1, Seed = 42, FeatureSelectionSeed = 42 }).Fit(data);
        var scored = model.Transform(data);
        return task == PredictionTask.Regression
            ? [.. scored.GetColumn<float>("Score")]
            : [.. scored.GetColumn<float>("Probability").Select(p => (float)Math.Log(p / (1 - (double)p)))];   // the logit, which is what our trees add up to
    }

    [Fact]
    public void Fit_TooManyCategories_NamesTheColumn()
    {
        var rows = FlowerRows.Generate(PredictionTask.Binary, 5_000, 1);
        var many = rows with { Categorical = [.. rows.Categorical.Select((_, row) => $"colour {row}")] };
        var failure = Assert.Throws<DataException>(() => TabularTrainer.Fit(many, rows, Options(TabularArchitecture.FastTree)));
        Assert.Equal("colour", failure.Column);
        Assert.Contains("MinimumCategoryRows", failure.Message);
    }

    // Trees by hand: input 0 up to 0.5 gives 1, above it 2; base 10.
    private static TreeEnsemble Stump() => new()
    {
        Inputs = 2, Bases = [10], Trees = [new() { Output = 0, Inputs = [0, -1, -1], Values = [0.5f, 1, 2], Left = [1, -1, -1], Right = [2, -1, -1] }],
    };

    [Fact]
    public void Scores_Stump_GoesLeftUpToTheThreshold() => Assert.Equal([11f, 11f, 12f], Stump().Scores([0, 9, 0.5f, 9, 0.6f, 9], 3));

    [Fact]
    public void FromTensors_WhatToTensorsWrote_IsTheSame()
    {
        var read = TreeEnsemble.FromTensors(Stump().ToTensors(), "memory");
        Assert.Equal([11f, 12f], read.Scores([0, 9, 1, 9], 2));
    }

    [Theory]
    [InlineData(0, 2, 1, "children 2 and 1")]     // a cycle or a parent after its child would never end
    [InlineData(5, 1, 2, "reads input 5")]
    public void FromTensors_NoTree_SaysWhy(int input, int left, int right, string expected)
    {
        var tree = new DecisionTree { Output = 0, Inputs = [-1, input, -1], Values = [1, 1, 1], Left = [-1, left, -1], Right = [-1, right, -1] };
        var tensors = (Stump() with { Trees = [tree] }).ToTensors();
        Assert.Contains(expected, Assert.Throws<DataException>(() => TreeEnsemble.FromTensors(tensors, "memory")).Message);
        Assert.Contains("no list 'bases'", Assert.Throws<DataException>(() => TreeEnsemble.FromTensors([], "memory")).Message);
    }
}
