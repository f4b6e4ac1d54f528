using System.Diagnostics;
using System.Text.Json;
using Workbench.Drift.Classifiers;
using Workbench.Drift.Embeddings;
using Workbench.Drift.Kernels;
using Workbench.Drift.Multivariate;
using Workbench.Drift.Text;

namespace Workbench.Core.Tests.Drift.Multivariate;

/// <summary>Kernels, reconstruction, correlations, areas and lengths against numpy, scipy and scikit-learn themselves.</summary>
public sealed class PeerComparisonTests
{
    private const string Python = "/usr/bin/python3";
    private const int Width = 4;

    [Fact]
    public void Measures_SeededRows_AgreeWithPython()
    {
        Assert.SkipUnless(HasPackages(), "python3-sklearn and python3-scipy are not installed; apt-get install python3-sklearn python3-scipy.");
        VectorSample x = Rows(1, 120, 0), y = Rows(2, 80, 0.4);
        int[] centres = [3, 17, 40, 77, 101, 119];
        var outside = x.Take([.. Enumerable.Range(0, x.Count).Except(centres)]);
        var orders = Enumerable.Range(0, 5).Select(seed => Order(seed, outside.Count + y.Count)).ToList();
        long[][] table = [[30, 12, 8], [5, 41, 9]];
        double[] negative = [.. Samples.Bell(7, 60).Select(value => Math.Round(value, 1))], positive = [.. Samples.Bell(8, 45).Select(value => Math.Round(value + 0.7, 1))];
        double[] lengthsA = [3, 4, 4, 9, 12, 5, 5, 6], lengthsB = [6, 7, 7, 14, 5, 21];

        using var expected = Ask(new
        {
            x = Nested(x), y = Nested(y), centres, orders, missingA = new[] { 0, 5, 9 }, missingB = new[] { 9, 30 }, table, negative, positive, lengthsA, lengthsB,
        });
        double Of(string name) => expected.RootElement.GetProperty(name).GetDouble();
        double At(string name, int i) => expected.RootElement.GetProperty(name)[i].GetDouble();

        var kernel = GaussianKernel.For(x);
        Assert.Equal(Of("sigma"), kernel.Sigma, 1e-12);
        // Drawing all rows only changes their order, which the quadratic statistic does not see.
        Assert.Equal(Of("mmd"), MeanDiscrepancy.Compare(new(x, y), 20, 1000, new Random(1)).Statistic, 1e-12);
        Assert.Equal(Of("linear"), MeanDiscrepancy.Terms(kernel, new(x, y), 40).Average(), 1e-12);

        var (statistic, permuted) = DensityDifference.Measure(kernel, x.Take(centres), outside, y, orders);
        Assert.Equal(At("lsdd", 0), statistic, 1e-10);
        for (int i = 0; i < orders.Count; i++)
            Assert.Equal(At("lsdd", i + 1), permuted[i], 1e-10);

        var reconstruction = ReconstructionComparison.Compare(Table(x), Table(y), 0.65, 10);
        Assert.Equal(At("pca", 0), reconstruction.Components);
        Assert.Equal(At("pca", 1), reconstruction.CurrentError, 1e-10);
        Assert.Equal(At("pca", 2), reconstruction.Lower, 1e-10);
        Assert.Equal(At("pca", 3), reconstruction.Upper, 1e-10);

        double[] a = x.Component(0), b = x.Component(1);
        a[0] = a[5] = a[9] = b[9] = b[30] = double.NaN;
        Assert.Equal(Of("pearson"), Dependence.Pearson(a, b).Correlation!.Value, 1e-12);
        var moments = new PairMoments(2);
        moments.Add(new Chunk([a[..50], b[..50]]));
        moments.Add(new Chunk([a[50..], b[50..]]));
        Assert.Equal(Of("pearson"), moments.Of(1, 0).Correlation!.Value, 1e-12);
        Assert.Equal(116, moments.Of(0, 1).Rows);
        var ranked = new TableSample(["a", "b"], [], [.. a.Zip(b, (first, second) => new TableRow([Math.Round(first, 1), Math.Round(second, 1)], []))], a.Length);
        Assert.Equal(Of("spearman"), Dependence.Ranks(ranked, 2)[0, 1].Correlation!.Value, 1e-12);
        Assert.Equal(Of("fisher"), Dependence.PValue(0.5, 100, 0.2, 200, 1), 1e-12);

        string?[] first = [.. Spread(table, (i, j) => $"r{i}"), null], second = [.. Spread(table, (i, j) => $"c{j}"), "c0"];
        var cramer = Dependence.CramersV(first, second);
        Assert.Equal(Of("cramer"), cramer.Value!.Value, 1e-12);
        Assert.Equal(105, cramer.Rows);

        var area = AreaUnderCurve.Of(negative, positive);
        Assert.Equal(At("auc", 0), area.Value, 1e-12);
        Assert.Equal(At("auc", 1), area.Variance, 1e-12);

        ValueCounts before = new(), after = new();
        Array.ForEach(lengthsA, before.Add);
        Array.ForEach(lengthsB, after.Add);
        var length = TextMeasures.Values(before, after, "words");
        Assert.Equal(At("length", 0), length.Statistic, 1e-12);
        Assert.Equal(At("length", 1), length.EffectSize!.Value, 1e-12);
        Assert.Equal(Of("surprise"), TextSummary.Surprise(12, 1000, 3, 1500), 1e-9);

        var distances = EmbeddingMeasures.Distances(new(x, y));
        for (int i = 0; i < Width; i++)
            Assert.Equal(At("components", i), distances[i], 1e-12);
        Assert.Equal(At("means", 0), EmbeddingMeasures.Euclidean(new(x, y)).Statistic, 1e-12);
        Assert.Equal(At("means", 1), EmbeddingMeasures.Cosine(new(x, y)).Statistic, 1e-12);
    }

    // Four columns of which the third follows the first; the shift moves the second and loosens the third.
    private static VectorSample Rows(int seed, int count, double shift)
    {
        double[] noise = Samples.Bell(seed, Width * count);
        var values = new double[Width * count];
        for (int row = 0; row < count; row++)
        {
            double a = noise[row * Width], b = 100 + noise[row * Width + 1] + shift;
            new[] { a, b, a * (1 - shift) + 0.3 * noise[row * Width + 2], 5 * noise[row * Width + 3] }.CopyTo(values, row * Width);
        }
        return new(values, Width, count);
    }

    private static TableSample Table(VectorSample rows) =>
        new(["a", "b", "c", "d"], [], [.. Enumerable.Range(0, rows.Count).Select(row => new TableRow(rows.Row(row).ToArray(), []))], rows.Count);

    private static double[][] Nested(VectorSample rows) => [.. Enumerable.Range(0, rows.Count).Select(row => rows.Row(row).ToArray())];

    private static int[] Order(int seed, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        new Random(seed).Shuffle(order);
        return order;
    }

    private static IEnumerable<string> Spread(long[][] table, Func<int, int, string> name) =>
        from i in Enumerable.Range(0, table.Length)
        from j in Enumerable.Range(0, table[i].Length)
        from _ in Enumerable.Range(0, (int)table[i][j])
        select name(i, j);

    private static bool HasPackages() => File.Exists(Python) && Run("import scipy.stats, sklearn.decomposition", "").ExitCode == 0;

    private static JsonDocument Ask(object given)
    {
        var (exitCode, output) = Run(PeerScript.Text, JsonSerializer.Serialize(given));
        Assert.Equal(0, exitCode);
        return JsonDocument.Parse(output);
    }

    private static (int ExitCode, string Output) Run(string script, string input)
    {
        var start = new ProcessStartInfo(Python, ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private sealed class Chunk(double[][] columns) : Workbench.Drift.Sources.RowChunk
    {
        public override int Rows => columns[0].Length;
        public override ReadOnlySpan<double> Numbers(int column) => columns[column];
        public override string? Text(int column, int row) => null;
        public override ReadOnlySpan<double> Vector(int column, int row) => [];
    }
}
