using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Causes;
using Workbench.Evaluation;
using Workbench.Evaluation.Estimation;
using Workbench.Features;

namespace Workbench.Core.Tests.Evaluation.Estimation;

public sealed class PerformanceEstimatorTests
{
    [Theory]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Platt)]
    public void Estimate_BinaryInputsShift_BandHoldsTheRealisedMetric(CalibrationMethod method)
    {
        var (probabilities, labels) = Scored.Binary(1, 20_000, shift: 0);
        var estimator = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels), new() { Calibration = method });
        var (shifted, truth) = Scored.Binary(2, 8000, shift: 0.8);
        var estimate = estimator.Estimate(ServedPredictions.Binary(shifted, truth), EstimationChunks.OfSize(8000, 2000));

        Assert.NotNull(Assert.Single(estimator.Calibrations));
        AllInBand(estimate);
    }

    [Theory]
    [InlineData(CalibrationMethod.Isotonic)]
    [InlineData(CalibrationMethod.Platt)]
    public void Estimate_InputsMoveToWhereTheModelIsSure_FollowsAndAlerts(CalibrationMethod method)
    {
        var (probabilities, labels) = Scored.Binary(1, 20_000, shift: 0);
        var (shifted, truth) = Scored.Binary(3, 8000, shift: -1.2);
        var estimate = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels), new() { Calibration = method })
            .Estimate(ServedPredictions.Binary(shifted, truth), EstimationChunks.OfSize(8000, 2000));

        var accuracy = estimate["accuracy"];
        double before = accuracy.Reference.Average(chunk => chunk.Realised!.Value), after = accuracy.Chunks.Average(chunk => chunk.Realised!.Value);
        Assert.True(after - before > 0.08, $"{before} to {after}");
        Assert.Equal(after, accuracy.Chunks.Average(chunk => chunk.Value!.Value), 0.02);
        Assert.All(accuracy.Chunks, chunk => Assert.True(chunk.IsAlert));
        Assert.True(estimate.HasAlert);
    }

    [Fact]
    public void ExpectedAccuracy_ScoresOfOneSegmentBecomeUnsure_CausesNameTheSegment()
    {
        var (probabilities, labels) = Scored.Binary(1, 8000, shift: 0);
        var estimator = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels));
        string Segment(int row) => row % 4 == 0 ? "south" : "north";
        // A quarter of the rows is now scored near 0.5.
        float[] unsure = [.. probabilities.Select((score, row) => row % 4 == 0 ? 0.5f + (score - 0.5f) / 10 : score)];

        var causes = DriftCauses.Find(
            DriftSource.Rows(probabilities.Select((score, row) => new { Score = (double)score, Segment = Segment(row) })), DriftSource.Rows(unsure.Select((score, row) => new { Score = (double)score, Segment = Segment(row) })),
            new() { Quantities = [estimator.ExpectedAccuracy("Score")] }, TestContext.Current.CancellationToken);

        var change = Assert.Single(causes.Quantities);
        double Estimated(float[] scores) => estimator.Estimate(ServedPredictions.Binary(scores), EstimationChunks.OfNumber(scores.Length, 1))["accuracy"].Chunks[0].Value!.Value;
        Assert.Equal(Estimated(probabilities), change.ReferenceMean, 1e-9);
        Assert.Equal(Estimated(unsure), change.CurrentMean, 1e-9);
        Assert.Equal("Segment = 'south'", Assert.Single(change.Slices[0].Conditions).ToString());
        Assert.StartsWith("The mean of estimated accuracy fell", change.Sentence);
    }

    [Fact]
    public void Estimate_MulticlassInputsShift_BandHoldsTheRealisedMetric()
    {
        var (probabilities, labels) = Scored.Multiclass(1, 20_000, shift: 0);
        var estimator = PerformanceEstimator.Fit(Predictions.Multiclass(probabilities, labels, 3));
        var (shifted, truth) = Scored.Multiclass(2, 6000, shift: 0.6);
        Assert.Equal(3, estimator.Calibrations.Count);
        AllInBand(estimator.Estimate(ServedPredictions.Multiclass(shifted, 3, truth), EstimationChunks.OfSize(6000, 2000)));
    }

    [Fact]
    public void Estimate_RegressionInputsShift_BandHoldsTheRealisedMetric()
    {
        var estimator = PerformanceEstimator.Fit(Priced(1, 10_000, spread: 1));
        var estimate = estimator.Estimate(Priced(2, 4000, spread: 1.6), EstimationChunks.OfSize(4000, 2000));

        Assert.Equal(("DLE", PredictionTask.Regression), (estimate.Method, estimate.Task));
        Assert.Equal(["mae", "mape", "mse", "rmse", "msle", "rmsle"], estimate.Metrics.Select(metric => metric.Name));
        foreach (string name in new[] { "mae", "rmse" })
        {
            // The errors grow with the input, which shifts: the estimate must follow most of the way.
            var metric = estimate[name];
            double before = metric.Reference.Average(chunk => chunk.Realised!.Value), after = metric.Chunks.Average(chunk => chunk.Realised!.Value);
            Assert.True(after > 1.15 * before);
            Assert.True(Math.Abs(metric.Chunks.Average(chunk => chunk.Value!.Value) - after) < (after - before) / 2, name);
            Assert.True(metric.Chunks.All(chunk => chunk.IsAlert), name);
        }
    }

    [Fact]
    public void Estimate_LabelsOfSomeRows_RealisesThoseAndEstimatesAll()
    {
        var (probabilities, labels) = Scored.Binary(1, 5000, shift: 0);
        var estimator = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels));
        float[] known = [.. labels.Take(1000).Select((label, row) => row < 300 ? label : float.NaN)];
        var some = estimator.Estimate(ServedPredictions.Binary(probabilities[..1000], known), EstimationChunks.Of([500, 500]))["accuracy"].Chunks;
        var none = estimator.Estimate(ServedPredictions.Binary(probabilities[..1000]), EstimationChunks.Of(1000, [Range.EndAt(500), Range.StartAt(500)]))["accuracy"].Chunks;

        Assert.Equal([300, 0], some.Select(chunk => chunk.Labelled));
        Assert.Equal(Metrics.Find("accuracy", PredictionTask.Binary).Compute(Predictions.Binary(probabilities[..300], labels[..300])), some[0].Realised);
        Assert.Null(some[1].Realised);
        Assert.Equal(none.Select(chunk => chunk.Value), some.Select(chunk => chunk.Value));
    }

    [Fact]
    public void IsNeeded_ByHowSureTheScoresAre_TellsThemApart()
    {
        // Scores that come true gain nothing from a calibration learnt on few rows but by luck; far too sure ones always do.
        Assert.Equal(20, Enumerable.Range(0, 20).Count(seed => IsNeeded(seed, sureness: 3)));
        Assert.InRange(Enumerable.Range(0, 20).Count(seed => IsNeeded(seed, sureness: 1)), 0, 10);

        static bool IsNeeded(int seed, double sureness)
        {
            var (scores, labels) = Scored.Binary(seed, 500, shift: 0, sureness);
            return ScoreCalibrations.IsNeeded(CalibrationMethod.Isotonic, Array.ConvertAll(scores, score => (double)score), Array.ConvertAll(labels, label => label == 1), seed);
        }
    }

    [Fact]
    public void Fit_NothingToCalibrate_LeavesTheScores()
    {
        var (scores, labels) = Scored.Binary(5, 500, shift: 0);
        float[] right = [.. labels.Select(label => label == 1 ? 0.9f : 0.2f)]; // a model that is never wrong
        Assert.Null(Assert.Single(PerformanceEstimator.Fit(Predictions.Binary(right, labels)).Calibrations));
        Assert.Null(Assert.Single(PerformanceEstimator.Fit(Predictions.Binary(scores, new float[500])).Calibrations)); // one class
        Assert.Null(Assert.Single(PerformanceEstimator.Fit(Predictions.Binary(scores, labels), new() { Calibration = CalibrationMethod.None }).Calibrations));
        Assert.NotNull(Assert.Single(PerformanceEstimator.Fit(Predictions.Binary(scores, labels), new() { CalibrateAlways = true }).Calibrations));
    }

    [Fact]
    public void Platt_ScoresThatComeTrue_LeavesThemNearlyAsTheyAre()
    {
        var (honest, labels) = Scored.Binary(6, 50_000, shift: 0, sureness: 1);
        var platt = PlattCalibration.Fit(Array.ConvertAll(honest, score => (double)score), Array.ConvertAll(labels, label => label == 1));
        Assert.Equal(-1, platt.Slope, 0.05);
        Assert.Equal(0, platt.Offset, 0.05);
        Assert.Equal(0.3, platt.Apply(0.3), 0.02);
    }

    [Fact]
    public void Isotonic_HandExample_PoolsViolators()
    {
        // Labels 0 1 0 1 at 0.1, 0.4, 0.5, 0.8: the second and third rows break the order and become one half each.
        var calibration = IsotonicCalibration.Fit([0.5, 0.1, 0.8, 0.4], [false, false, true, true]);
        Assert.Equal([0, 0, 0.25, 0.5, 0.5, 0.75, 1, 1], new[] { 0, 0.1, 0.25, 0.4, 0.5, 0.65, 0.8, 1 }.Select(score => Math.Round(calibration.Apply(score), 12)));
    }

    [Theory]
    [InlineData(ConfusionScale.Share, 0.4)]
    [InlineData(ConfusionScale.ShareOfLabel, 0.8 / 1.4)]
    [InlineData(ConfusionScale.ShareOfPredicted, 0.8)]
    [InlineData(ConfusionScale.Count, 0.8)]
    public void Estimate_TruePositives_OnEachScale(ConfusionScale scale, double expected)
    {
        // Two rows, of 0.8 and 0.6, the second below the threshold: 0.8 of a row is a true positive, 0.6 a false negative.
        var options = new EstimationOptions { Calibration = CalibrationMethod.None, Confusion = scale, Metrics = ["true_positives"] };
        var estimator = PerformanceEstimator.Fit(Predictions.Binary([0.9f, 0.1f, 0.8f, 0.3f], [1, 0, 1, 0], 0.7), options);
        Assert.Equal(expected, estimator.Estimate(ServedPredictions.Binary([0.8f, 0.6f], threshold: 0.7), EstimationChunks.Of([2])).Metrics[0].Chunks[0].Value!.Value, 1e-7);
    }

    [Fact]
    public void Estimate_NothingPredictedPositive_PrecisionIsNone()
    {
        var estimator = PerformanceEstimator.Fit(Predictions.Binary([0.9f, 0.1f, 0.8f, 0.3f], [1, 0, 1, 0]));
        var chunk = estimator.Estimate(ServedPredictions.Binary([0.2f, 0.1f])).Metrics.Single(metric => metric.Name == "precision").Chunks[0];
        Assert.Equal((null, null, null, false), (chunk.Value, chunk.Lower, chunk.Upper, chunk.IsAlert));
    }

    [Fact]
    public void ToJson_AndFigures_HoldWhatWasEstimated()
    {
        var (probabilities, labels) = Scored.Binary(1, 3000, shift: 0);
        var options = new EstimationOptions { Metrics = ["roc_auc", "f1"], Thresholds = new Dictionary<string, (double?, double?)> { ["f1"] = (0.99, null) } };
        var estimate = PerformanceEstimator.Fit(Predictions.Binary(probabilities, labels), options)
            .Estimate(ServedPredictions.Binary(probabilities[..400]), EstimationChunks.OfTime([.. Enumerable.Range(0, 400).Select(hour => new DateTimeOffset(2025, 3, 1, 6, 0, 0, TimeSpan.Zero).AddHours(hour))], TimeSpan.FromDays(7)));

        Assert.Equal(["2025-03-01", "2025-03-08", "2025-03-15"], estimate["f1"].Chunks.Select(chunk => chunk.Chunk));
        Assert.Equal([162, 168, 70], estimate["f1"].Chunks.Select(chunk => chunk.Rows)); // from six o'clock on
        Assert.All(estimate["f1"].Chunks, chunk => Assert.True(chunk.IsAlert));
        Assert.Equal((0.99, null), (estimate["f1"].LowerThreshold, estimate["f1"].UpperThreshold));
        Assert.Equal(estimate.ToJson(), EstimatedPerformance.Parse(estimate.ToJson()).ToJson());
        var figure = estimate.ToFigures()[1];
        Assert.Equal(["upper", "band of three standard errors", "estimated", "realised"], figure.Data.Select(trace => (string?)trace!["name"]));
        Assert.Equal(13, figure.Data[2]!["y"]!.AsArray().Count); // ten of the reference before them
        Assert.Equal("category", (string?)figure.Layout["xaxis"]!["type"]); // else plotly.js draws the chunks named by dates alone
        Assert.Contains("Outside of the thresholds: 2025-03-01", figure.Description);
    }

    [Fact]
    public void Fit_BadInput_SaysWhatIsWrong()
    {
        var good = Predictions.Binary([0.9f, 0.1f], [1, 0]);
        Assert.Contains("Did you mean 'roc_auc'?", Assert.Throws<ArgumentException>(() => PerformanceEstimator.Fit(good, new() { Metrics = ["roc_acu"] })).Message);
        Assert.Contains("Give BusinessValues", Assert.Throws<ArgumentException>(() => PerformanceEstimator.Fit(good, new() { Metrics = ["business_value"] })).Message);
        Assert.Contains("must be [2, 2]", Assert.Throws<ArgumentException>(() => PerformanceEstimator.Fit(good, new() { BusinessValues = new double[3, 2] })).Message);
        Assert.Contains("Row 2 of the reference has no label", Assert.Throws<DataException>(() => PerformanceEstimator.Fit(ServedPredictions.Binary([0.9f, 0.1f], [1, float.NaN]))).Message);
        Assert.Contains("'msle' is defined for", Assert.Throws<DataException>(() => PerformanceEstimator.Fit(Predictions.Regression([-3, 1], [1, 2]), new() { Metrics = ["msle"] })).Message);
        var estimator = PerformanceEstimator.Fit(good);
        Assert.Contains("these are Multiclass of 3", Assert.Throws<ArgumentException>(() => estimator.Estimate(ServedPredictions.Multiclass([0.2f, 0.3f, 0.5f], 3))).Message);
        Assert.Contains("Use one threshold", Assert.Throws<ArgumentException>(() => estimator.Estimate(ServedPredictions.Binary([0.5f], threshold: 0.4))).Message);
        Assert.Contains("Chunk '1' has 0 rows", Assert.Throws<ArgumentException>(() => estimator.Estimate(ServedPredictions.Binary([0.5f]), EstimationChunks.Of([0]))).Message);
        Assert.Throws<DataException>(() => estimator.Estimate(ServedPredictions.Binary([1.5f])));
        var priced = PerformanceEstimator.Fit(Priced(1, 200, 1), new() { Metrics = ["mae"] });
        Assert.Contains("these predictions have none", Assert.Throws<DataException>(() => priced.Estimate(ServedPredictions.Regression([1]))).Message);
    }

    private static void AllInBand(EstimatedPerformance estimate)
    {
        foreach (var metric in estimate.Metrics)
            foreach (var chunk in metric.Chunks)
                Assert.True(chunk.Lower <= chunk.Realised && chunk.Realised <= chunk.Upper,
                    $"{metric.Name} of chunk {chunk.Chunk}: realised {chunk.Realised:R}, estimated {chunk.Value:R} in [{chunk.Lower:R}, {chunk.Upper:R}]");
    }

    /// <summary>Prices whose error grows with the size, and is larger in the north; the model knows the price's mean.</summary>
    private static ServedPredictions Priced(int seed, int rows, double spread)
    {
        var random = new Random(seed);
        var (sizes, places, predicted, prices) = (new float[rows], new string?[rows], new float[rows], new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            sizes[row] = (float)(spread * random.NextDouble());
            places[row] = random.Next(2) == 0 ? "north" : "south";
            predicted[row] = 10 + sizes[row];
            prices[row] = (float)(predicted[row] + (0.2 + sizes[row]) * (places[row] == "north" ? 1.5 : 0.5) * Scored.Bell(random));
        }
        var schema = new FeatureSchema { Numeric = ["size"], Categorical = ["place"], Label = "price", Task = PredictionTask.Regression };
        var inputs = new TabularData { Schema = schema, Numeric = sizes, Categorical = places, Labels = [], Ids = [], Rows = rows };
        return ServedPredictions.Regression(predicted, inputs, prices);
    }
}
