using System.Diagnostics;
using System.Text.Json;
using Workbench.Drift;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Core.Tests.Drift;

/// <summary>The same seeded samples through scipy itself (Debian's python3-scipy), where it is installed.</summary>
public sealed class ScipyComparisonTests
{
    private const string Python = "/usr/bin/python3";

    private const string Script = """
        import json, sys
        import numpy as np
        from scipy import stats
        from scipy.spatial.distance import jensenshannon
        out = []
        for case in json.load(sys.stdin):
            a, b = np.array(case["a"]), np.array(case["b"])
            ks = stats.ks_2samp(a, b)
            names = sorted(set(np.floor(a)) | set(np.floor(b)))
            table = np.array([[np.sum(np.floor(side) == name) for name in names] for side in (a, b)])
            chi2 = stats.chi2_contingency(table, correction=False)
            out.append([ks.statistic, ks.pvalue, stats.wasserstein_distance(a, b) / a.std(), jensenshannon(table[0], table[1], base=2), chi2[0], chi2[1]])
        print(json.dumps(out))
        """;

    [Fact]
    public void Measures_SeededSamples_AgreeWithScipy()
    {
        Assert.SkipUnless(HasScipy(), "python3-scipy is not installed; apt-get install python3-scipy.");
        var cases = new[] { (20, 25, 0.3), (400, 333, 0.0), (2500, 2500, 0.05), (10_500, 4000, 0.02) }
            .Select((size, i) => (A: Values(i, size.Item1, 0), B: Values(i + 100, size.Item2, size.Item3))).ToList();

        var expected = Ask(cases.Select(one => new { a = one.A, b = one.B }));

        for (int i = 0; i < cases.Count; i++)
        {
            var pair = new NumericPair(NumericColumn.Of(cases[i].A), NumericColumn.Of(cases[i].B));
            var ks = KolmogorovSmirnov.Compare(pair.Reference.Values, pair.Current.Values);
            var counts = Floors(cases[i].A, cases[i].B);
            var chi2 = ContingencyTable.ChiSquared(counts);
            Assert.Equal(expected[i][0], ks.Statistic, 1e-12);
            Assert.Equal(expected[i][1], ks.PValue!.Value, 1e-6 * expected[i][1] + 1e-7); // as KolmogorovDistribution promises
            Assert.Equal(expected[i][2], EarthMover.Compare(pair).Statistic, 1e-12);
            Assert.Equal(expected[i][3], Divergence.JensenShannon(counts), 1e-12);
            Assert.Equal(expected[i][4], chi2.Statistic, 1e-9);
            Assert.Equal(expected[i][5], chi2.PValue!.Value, 1e-12);
        }
    }

    private static double[] Values(int seed, int count, double shift) => Samples.Bell(seed, count).Select(value => value + shift).ToArray();

    private static ShareTable Floors(double[] a, double[] b)
    {
        var names = a.Concat(b).Select(Math.Floor).Distinct().Order().ToList();
        return new(names.Select(name => a.LongCount(value => Math.Floor(value) == name)).ToArray(), names.Select(name => b.LongCount(value => Math.Floor(value) == name)).ToArray());
    }

    private static bool HasScipy() => File.Exists(Python) && Run("import scipy.stats", "").ExitCode == 0;

    private static double[][] Ask(object cases)
    {
        var (exitCode, output) = Run(Script, JsonSerializer.Serialize(cases));
        Assert.Equal(0, exitCode);
        return JsonSerializer.Deserialize<double[][]>(output)!;
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
}
