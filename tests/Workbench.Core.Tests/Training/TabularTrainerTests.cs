using System.Diagnostics;
using Workbench.Core.Tests.Registry;
using Workbench.Core.Tests.Training.Loop;
using Workbench.Data;
using Workbench.Features;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

[Collection(GeneratorCollection.Name)]
public sealed class TabularTrainerTests
{
    private static readonly TabularTrainingOptions Quick = new() { MaxEpochs = 3, Seed = 7 };

    [Fact]
    public void Fit_KnownProcess_PredictsItsProbabilities()
    {
        using var model = TabularTrainer.Fit(SubscriptionRows.Generate(8_000, 1), SubscriptionRows.Generate(2_000, 2), new());

        // Expected values: the generating formula sigmoid(2·usage - price/20 + 2·[basic]), by hand.
        // Tolerance 0.08: 8,000 noisy labels, 5 % of the usages hidden from the model.
        Assert.Equal(0.8808, model.Predict(SubscriptionRows.Row(1, 0, "premium"))[0], 0.08);
        Assert.Equal(0.1192, model.Predict(SubscriptionRows.Row(-1, 0, "team"))[0], 0.08);
        Assert.Equal(0.5, model.Predict(SubscriptionRows.Row(-1, 0, "basic"))[0], 0.08);
        Assert.Equal(0.7311, model.Predict(SubscriptionRows.Row(0, -20, "premium"))[0], 0.08);
        Assert.InRange(model.History[model.BestEpoch - 1].ValidationAccuracy!.Value, 0.78, 0.86);   // the process's own best is about 0.82
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBits()
    {
        var (training, validation) = (SubscriptionRows.Generate(2_000, 1), SubscriptionRows.Generate(500, 2));
        using var first = TabularTrainer.Fit(training, validation, Quick);
        using var second = TabularTrainer.Fit(training, validation, Quick);
        using var other = TabularTrainer.Fit(training, validation, Quick with { Seed = 8 });
        Assert.Equal(first.WeightsHash, second.WeightsHash);
        Assert.Equal(first.History, second.History);
        Assert.NotEqual(first.WeightsHash, other.WeightsHash);
    }

    [Fact]
    public void Fit_InterruptedAndResumed_GivesTheSameBitsAndTheWholeHistory()
    {
        using var folder = new TemporaryFolder();
        var (training, validation) = (SubscriptionRows.Generate(2_000, 1), SubscriptionRows.Generate(500, 2));
        using var straight = TabularTrainer.Fit(training, validation, Quick);
        using var cancelled = new CancellationTokenSource();
        var kept = Quick with { Checkpoints = new() { Folder = folder.Path } };
        var afterTwo = new Reporting(progress => { if (progress.Latest.Epoch == 3) cancelled.Cancel(); });   // the third epoch's checkpoint is not written yet
        Assert.ThrowsAny<OperationCanceledException>(() => TabularTrainer.Fit(training, validation, kept with { MaxEpochs = 9 }, afterTwo, cancelled.Token));
        using var resumed = TabularTrainer.Fit(training, validation, kept);
        Assert.Equal(straight.WeightsHash, resumed.WeightsHash);
        Assert.Equal(straight.History, resumed.History);
        Assert.Equal(straight.BestEpoch, resumed.BestEpoch);
    }

    private sealed class Reporting(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }

    [Fact]
    public async Task Fit_TwoAtOnce_GiveTheSameBits()
    {
        var (training, validation) = (SubscriptionRows.Generate(1_000, 1), SubscriptionRows.Generate(500, 2));
        var models = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => TabularTrainer.Fit(training, validation, Quick))));
        Assert.Equal(models[0].WeightsHash, models[1].WeightsHash);
    }

    [Fact]
    public void Fit_LearnedEnough_StopsEarlyAndKeepsTheBestEpoch()
    {
        var validation = SubscriptionRows.Generate(300, 2);
        using var model = TabularTrainer.Fit(SubscriptionRows.Generate(300, 1), validation,
            new() { MaxEpochs = 300, Patience = 4, LearningRate = 0.02, Dropout = 0 });
        Assert.Equal(model.History.MinBy(epoch => epoch.ValidationLoss)!.Epoch, model.BestEpoch);
        Assert.Equal(model.BestEpoch + 4, model.History.Count);
        // The restored weights give the best epoch's loss: binary cross-entropy computed here in double precision.
        double loss = model.Predict(validation).Zip(validation.Labels, (p, y) => -(y * Math.Log(p) + (1 - y) * Math.Log(1 - p))).Average();
        Assert.Equal(model.History[model.BestEpoch - 1].ValidationLoss, loss, 1e-5);
    }

    [Fact]
    public void Fit_TwelveMonthsOfRows_TakesSecondsAndLittleMemory()
    {
        var (training, validation) = (SubscriptionRows.Generate(17_000, 1), SubscriptionRows.Generate(4_000, 2));
        TabularTrainer.Fit(training, validation, Quick).Dispose();
        using var process = Process.GetCurrentProcess();
        long residentBytes = process.WorkingSet64;
        var watch = Stopwatch.StartNew();
        using var model = TabularTrainer.Fit(training, validation, new() { MaxEpochs = 30, Patience = 30 });
        double seconds = watch.Elapsed.TotalSeconds;
        process.Refresh();
        double grownMegabytes = (process.WorkingSet64 - residentBytes) / 1e6;
        TestContext.Current.TestOutputHelper?.WriteLine($"30 epochs of 17,000 rows: {seconds:F1} s, {model.ParameterCount} weights, RSS +{grownMegabytes:F0} MB");
        Assert.Equal(30, model.History.Count);
        Assert.True(seconds < 60, $"30 epochs took {seconds:F1} s");   // about 4 s on an idle core; room for a busy machine
        Assert.True(grownMegabytes < 150, $"RSS grew by {grownMegabytes:F0} MB over 2,010 steps");   // a leaked step is 0.3 MB
    }

    [Fact]
    public void Fit_Progress_ReportsEveryEpoch()
    {
        var reports = new List<TrainingProgress>();
        using var model = TabularTrainer.Fit(SubscriptionRows.Generate(500, 1), SubscriptionRows.Generate(200, 2), Quick, new Collect(reports));
        Assert.Equal(model.History, reports.Select(report => report.Latest));
        Assert.All(reports, report => Assert.Equal(3, report.MaxEpochs));
    }

    [Fact]
    public void Fit_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        var cancelAfterFirst = new Act(report => source.Cancel());
        Assert.Throws<OperationCanceledException>(() =>
            TabularTrainer.Fit(SubscriptionRows.Generate(500, 1), SubscriptionRows.Generate(200, 2), Quick, cancelAfterFirst, source.Token));
    }

    [Fact]
    public void Fit_LossBecomesNaN_StopsNamingTheStepAndTheRate()
    {
        var (training, validation) = (SubscriptionRows.Generate(500, 1), SubscriptionRows.Generate(200, 2));
        for (int index = 1; index < training.Numeric.Length; index += 2)
            training.Numeric[index] *= 1e-3f;           // a deviation near 0.01 ...
        validation.Numeric[1] = float.MaxValue;         // ... makes this infinite when it is standardised
        var failure = Assert.Throws<TrainingException>(() => TabularTrainer.Fit(training, validation, Quick with { LearningRate = 1 }));
        Assert.Contains("after step", failure.Message);
        Assert.Contains("learning rate, which is 1", failure.Message);
    }

    [Fact]
    public void Fit_OnlyNumericOrOnlyCategorical_Trains()
    {
        using var numeric = TabularTrainer.Fit(Only(numeric: true, 1), Only(numeric: true, 2), Quick);
        using var categorical = TabularTrainer.Fit(Only(numeric: false, 1), Only(numeric: false, 2), Quick);
        Assert.Equal(500, numeric.Predict(Only(numeric: true, 1)).Length);
        Assert.Equal(4, categorical.Predict(Only(numeric: false, 1)).Select(p => MathF.Round(p, 5)).Distinct().Count());   // three plans and the missing one
    }

    [Theory]
    [InlineData("cuda:99")]
    [InlineData("cuda")]
    public void Fit_DeviceAbsent_NamesTheRemedy(string device)
    {
        Assert.SkipWhen(device == "cuda" && Path.Exists("/dev/nvidia0"), "this machine has a GPU");
        var failure = Assert.Throws<TrainingException>(() =>
            TabularTrainer.Fit(SubscriptionRows.Generate(100, 1), SubscriptionRows.Generate(100, 2), Quick with { Device = device }));
        Assert.Contains($"'{device}'", failure.Message);
        Assert.Contains("'auto'", failure.Message);
    }

    [Fact]
    public void Fit_DeviceAutoWithoutGpu_TrainsOnTheCpu()
    {
        Assert.SkipWhen(Path.Exists("/dev/nvidia0"), "this machine has a GPU");
        using var model = TabularTrainer.Fit(SubscriptionRows.Generate(100, 1), SubscriptionRows.Generate(100, 2), Quick with { Device = "auto" });
        Assert.Equal("cpu", model.TrainedOn);
    }

    public static TheoryData<string, string> BadRows => new()
    {
        { "none", "0 training rows" },
        { "unlabelled", "100 rows and 0 labels in 'churned'" },
        { "label 2", "training row 3 is 2" },
        { "one class", "All 100 training labels in 'churned' are 1" },
        { "infinite", "Column 'price' of training row 4 is infinite" },
        { "no columns", "names no input column" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void Fit_BadRows_SaysWhichAndWhy(string defect, string expected)
    {
        var good = SubscriptionRows.Generate(100, 1);
        var bad = defect switch
        {
            "none" => good with { Rows = 0, Numeric = [], Categorical = [], Labels = [] },
            "unlabelled" => good with { Labels = [] },
            "label 2" => good with { Labels = [.. good.Labels.Select((label, row) => row == 3 ? 2f : label)] },
            "one class" => good with { Labels = [.. good.Labels.Select(_ => 1f)] },
            "infinite" => good with { Numeric = [.. good.Numeric.Select((value, index) => index == 9 ? float.PositiveInfinity : value)] },
            _ => good with { Schema = good.Schema with { Numeric = [], Categorical = [] } },
        };
        var failure = Assert.Throws<DataException>(() => TabularTrainer.Fit(bad, good, Quick));
        Assert.Contains(expected, failure.Message);
    }

    [Fact]
    public void Fit_OtherColumnsInValidation_NamesBoth()
    {
        var validation = SubscriptionRows.Generate(100, 2);
        var failure = Assert.Throws<DataException>(() => TabularTrainer.Fit(SubscriptionRows.Generate(100, 1),
            validation with { Schema = validation.Schema with { Numeric = ["usage", "cost"] } }, Quick));
        Assert.Contains("usage, cost, plan", failure.Message);
        Assert.Contains("usage, price, plan", failure.Message);
    }

    private static TabularData Only(bool numeric, int seed)
    {
        var rows = SubscriptionRows.Generate(500, seed);
        return numeric
            ? rows with { Schema = rows.Schema with { Categorical = [] }, Categorical = [] }
            : rows with { Schema = rows.Schema with { Numeric = [] }, Numeric = [] };
    }

    private sealed class Collect(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }

    private sealed class Act(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
