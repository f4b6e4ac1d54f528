using System.Text.Json.Nodes;
using Workbench.Core.Tests.Drift;
using Workbench.Evaluation;
using Workbench.Features;

namespace Workbench.Core.Tests.Evaluation;

/// <summary>
/// Every metric against scikit-learn on the same random rows: with many ties and without, weighted and not, and where the
/// rows do not define it. Sums in another order differ in the last digits: 1e-9, relative where values are large.
/// </summary>
public sealed class SklearnComparisonTests
{
    [Fact]
    public void Metrics_SeededAndDegenerateRows_EqualScikitLearn()
    {
        Sklearn.Require();
        var binary = BinaryCases().ToList();
        var multiclass = MulticlassCases().ToList();
        var regression = RegressionCases().ToList();
        var ranking = RankingCases().ToList();
        var pair = (Labels: Labels(400, 0.4, 90), P: Probabilities(400, 91, 0), Q: Probabilities(400, 92, 8));
        for (int row = 0; row < 400; row++) // p knows something of the label
            pair.P[row] = (pair.P[row] + pair.Labels[row]) / 2;
        var answers = new Queue<JsonObject>(Sklearn.Ask(
        [
            .. binary.Select(one => new { kind = "binary", y = Wide(one.Labels), p = Wide(one.Scores), w = Wide(one.Weights), threshold = 0.5 }),
            .. multiclass.Select(one => new { kind = "multiclass", y = Wide(one.Labels), p = Wide(one.Scores), w = Wide(one.Weights), classes = one.Classes }),
            .. regression.Select(one => new { kind = "regression", y = Wide(one.Labels), p = Wide(one.Scores), w = Wide(one.Weights) }),
            .. ranking.Select(one => new { kind = "ranking", queries = one.Queries.Select(query => new { scores = Wide(query.Scores), relevance = Wide(query.Relevance) }), k = one.K }),
            new { kind = "paired", y = Wide(pair.Labels), p = Wide(pair.P), q = Wide(pair.Q) },
        ]));

        foreach (var one in binary)
            Check(one, Predictions.Binary(one.Scores, one.Labels), answers.Dequeue(), Streamed(one));
        foreach (var one in multiclass)
            Check(one, Predictions.Multiclass(one.Scores, one.Labels, one.Classes), answers.Dequeue(), StreamedClasses(one));
        foreach (var one in regression)
            Check(one, Predictions.Regression(one.Scores, one.Labels), answers.Dequeue(), StreamedNumbers(one));
        foreach (var one in ranking)
        {
            var (metrics, expected) = (new RankingMetrics(one.K), answers.Dequeue());
            foreach (var (scores, relevance) in one.Queries)
                metrics.Update(scores, relevance);
            Near(expected["ndcg"], metrics.Compute().Ndcg, "ndcg");
            Near(expected["map"], metrics.Compute().MeanAveragePrecision, "map");
        }

        // 1,000 resamples on both sides leave about 0.003 of chance in a percentile of a difference of standard error 0.03.
        var gap = PairedBootstrap.Compare(Metrics.Find("roc_auc", PredictionTask.Binary), Predictions.Binary(pair.P, pair.Labels), Predictions.Binary(pair.Q, pair.Labels))!;
        var numpy = answers.Dequeue();
        Near(numpy["difference"], gap.Difference, "difference");
        Assert.Equal((double)numpy["lower"]!, gap.Lower, 0.012);
        Assert.Equal((double)numpy["upper"]!, gap.Upper, 0.012);
        Assert.Equal(1, gap.WinProbability);
    }

    private sealed record Case(string Name, float[] Scores, float[] Labels, float[] Weights, int Classes = 2);

    private static IEnumerable<Case> BinaryCases()
    {
        yield return new("distinct", Probabilities(500, 1, 0), Labels(500, 0.3, 2), []);
        yield return new("ties", Probabilities(500, 3, 8), Labels(500, 0.5, 4), []);
        yield return new("weights", Probabilities(300, 5, 16), Labels(300, 0.5, 6), Weights(300, 7));
        yield return new("sure and wrong", [0, 1, 1, 0], [1, 0, 1, 0], []);
        yield return new("only class 0", Probabilities(20, 8, 4), new float[20], []);
        yield return new("only class 1", Probabilities(20, 9, 4), [.. Enumerable.Repeat(1f, 20)], []);
        yield return new("constant", [.. Enumerable.Repeat(0.25f, 30)], Labels(30, 0.5, 10), []);
        yield return new("one row", [0.75f], [1], []);
    }

    private static IEnumerable<Case> MulticlassCases()
    {
        yield return new("distinct", Rows(400, 4, 11, 0), Classes(400, 4, 12), [], 4);
        yield return new("ties", Rows(400, 3, 13, 3), Classes(400, 3, 14), [], 3);
        yield return new("weights", Rows(200, 5, 15, 0), Classes(200, 5, 16), Weights(200, 17), 5);
        yield return new("a class never occurs", Rows(60, 4, 18, 2), Classes(60, 3, 19), [], 4);
        yield return new("one class", Rows(20, 3, 20, 0), new float[20], [], 3);
        yield return new("constant", [.. Enumerable.Repeat(new[] { 0.5f, 0.25f, 0.25f }, 30).SelectMany(row => row)], Classes(30, 3, 21), [], 3);
    }

    private static IEnumerable<Case> RegressionCases()
    {
        float[] labels = [.. Samples.Bell(22, 300).Select(value => (float)value)];
        yield return new("random", [.. labels.Zip(Samples.Bell(23, 300), (label, noise) => label + (float)noise / 3)], labels, []);
        yield return new("weights", [.. labels.Select(label => label * 0.9f)], labels, Weights(300, 24));
        yield return new("far from zero", [.. labels.Select(label => 1e5f + label)], [.. labels.Select(label => 1e5f + label * 1.5f)], []);
        yield return new("constant label, missed", [1, 2, 3], [2, 2, 2], []);
        yield return new("constant label, met", [2, 2, 2], [2, 2, 2], []);
        yield return new("constant prediction", [1, 1, 1], [0, 1, 5], []);
        yield return new("one row", [1], [2], []);
    }

    private static IEnumerable<(IReadOnlyList<(float[] Scores, float[] Relevance)> Queries, int? K)> RankingCases()
    {
        var random = new Random(25);
        foreach (var (levels, k) in new (int, int?)[] { (1000, null), (4, null), (4, 3), (1, 5) })
        {
            yield return ([.. Enumerable.Range(0, 40).Select(query => (
                Enumerable.Range(0, 12).Select(_ => (float)random.Next(levels)).ToArray(),
                Enumerable.Range(0, 12).Select(_ => query == 0 ? 0f : random.Next(4)).ToArray()))], k);
        }
    }

    private static void Check(Case one, Predictions predictions, JsonObject expected, Dictionary<string, double?> streamed)
    {
        foreach (var (name, value) in expected)
        {
            Near(value, Metrics.Find(name, predictions.Task).Compute(predictions, one.Weights), $"{name} of {predictions.Task}, {one.Name}");
            Near(value, streamed[name], $"streamed {name} of {predictions.Task}, {one.Name}");
        }
    }

    private static void Near(JsonNode? expected, double? actual, string what)
    {
        double? value = (double?)expected;
        Assert.True(value is null == actual is null && !(Math.Abs((value ?? 0) - (actual ?? 0)) > 1e-9 * Math.Max(1, Math.Abs(value ?? 0))),
            $"{what}: scikit-learn says {value?.ToString() ?? "undefined"}, we say {actual?.ToString() ?? "undefined"}.");
    }

    // In three batches of uneven length over two instances, merged.
    private static T Stream<T>(Case one, Func<T> create, Action<T, int, int> update, Action<T, T> merge)
    {
        int rows = one.Labels.Length, first = rows / 7, second = rows / 2;
        var (a, b) = (create(), create());
        update(a, 0, first);
        update(b, second, rows);
        update(a, first, second);
        merge(a, b);
        return a;
    }

    private static Dictionary<string, double?> Streamed(Case one)
    {
        var scores = Stream(one, () => new BinaryMetrics(), (metrics, from, to) => metrics.Update(one.Scores[from..to], one.Labels[from..to], Part(one.Weights, from, to)), (a, b) => a.Merge(b)).Compute();
        return new()
        {
            ["accuracy"] = scores.Accuracy, ["balanced_accuracy"] = scores.BalancedAccuracy, ["precision"] = scores.Precision, ["recall"] = scores.Recall, ["f1"] = scores.F1,
            ["mcc"] = scores.MatthewsCorrelation, ["roc_auc"] = scores.RocAuc, ["average_precision"] = scores.AveragePrecision, ["log_loss"] = scores.LogLoss, ["brier"] = scores.Brier,
            ["calibration_error"] = scores.CalibrationError,
        };
    }

    private static Dictionary<string, double?> StreamedClasses(Case one)
    {
        int c = one.Classes;
        var scores = Stream(one, () => new MulticlassMetrics(c, k: 2),
            (metrics, from, to) => metrics.Update(one.Scores[(from * c)..(to * c)], one.Labels[from..to], Part(one.Weights, from, to)), (a, b) => a.Merge(b)).Compute();
        var counts = scores.Counts;
        return new()
        {
            ["accuracy"] = counts.Accuracy, ["balanced_accuracy"] = counts.BalancedAccuracy, ["mcc"] = counts.MatthewsCorrelation, ["f1_micro"] = counts.F1(Averaging.Micro),
            ["precision_macro"] = counts.Precision(Averaging.Macro), ["precision_weighted"] = counts.Precision(Averaging.Weighted),
            ["recall_macro"] = counts.Recall(Averaging.Macro), ["recall_weighted"] = counts.Recall(Averaging.Weighted),
            ["f1_macro"] = counts.F1(Averaging.Macro), ["f1_weighted"] = counts.F1(Averaging.Weighted),
            ["roc_auc"] = scores.RocAuc, ["log_loss"] = scores.LogLoss, ["brier"] = scores.Brier, ["calibration_error"] = scores.CalibrationError, ["top_2_accuracy"] = scores.TopKAccuracy,
        };
    }

    private static Dictionary<string, double?> StreamedNumbers(Case one)
    {
        var scores = Stream(one, () => new RegressionMetrics(0.9), (metrics, from, to) => metrics.Update(one.Scores[from..to], one.Labels[from..to], Part(one.Weights, from, to)), (a, b) => a.Merge(b)).Compute();
        return new() { ["mae"] = scores.Mae, ["rmse"] = scores.Rmse, ["r2"] = scores.R2, ["mape"] = scores.Mape, ["pinball_0.9"] = scores.Pinball };
    }

    // JSON would write the short form of a float32, which is another number in Python.
    private static double[] Wide(float[] values) => Array.ConvertAll(values, value => (double)value);

    private static float[] Part(float[] weights, int from, int to) => weights.Length == 0 ? [] : weights[from..to];

    // On a grid of 1/levels, so that rows tie, or anywhere.
    private static float[] Probabilities(int rows, int seed, int levels)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => levels > 0 ? random.Next(levels + 1) / (float)levels : random.NextSingle())];
    }

    private static float[] Labels(int rows, double share, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() < share ? 1f : 0f)];
    }

    private static float[] Classes(int rows, int classes, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => (float)random.Next(classes))];
    }

    private static float[] Weights(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => random.NextSingle() * 3)];
    }

    private static float[] Rows(int rows, int classes, int seed, int levels)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows).SelectMany(_ =>
        {
            var raw = Enumerable.Range(0, classes).Select(_ => levels > 0 ? 1 + random.Next(levels) : random.NextDouble() + 0.01).ToArray();
            return raw.Select(value => (float)(value / raw.Sum())).ToArray();
        })];
    }
}
