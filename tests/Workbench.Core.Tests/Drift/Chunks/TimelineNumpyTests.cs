using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Workbench.Drift;
using Workbench.Drift.Chunks;

namespace Workbench.Core.Tests.Drift.Chunks;

/// <summary>Chunk values and limits against a plain computation with numpy and scipy, which compares each chunk with all of the reference.</summary>
public sealed class TimelineNumpyTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int ReferenceDays = 25, CurrentDays = 12, RowsOfADay = 400;

    private const string Script = """
        import json, sys
        import numpy as np
        from scipy import stats
        from scipy.spatial.distance import jensenshannon
        data = json.load(sys.stdin)
        ref, cur = np.array(data["reference"]), np.array(data["current"])
        days, current_days = np.array(data["referenceDays"]), np.array(data["currentDays"])

        def ks(r, c):
            return stats.ks_2samp(r, c, method="asymp").statistic
        def wasserstein(r, c):
            return stats.wasserstein_distance(r, c) / r.std()
        def js(r, c):
            # Bins and categories come from the whole reference, as NannyML fits them once.
            p, q = np.array([np.sum(np.floor(r) == name) for name in names]), np.array([np.sum(np.floor(c) == name) for name in names])
            return jensenshannon(p, q, base=2)

        names = sorted(set(np.floor(ref)) | set(np.floor(cur)))
        out = []
        for measure in (ks, wasserstein, js):
            values = [measure(ref, cur[current_days == day]) for day in range(data["days"])]
            whole = np.array([measure(ref, ref[days == day]) for day in range(data["referenceCount"])])
            rest = np.array([measure(ref[days != day], ref[days == day]) for day in range(data["referenceCount"])])
            out.append({
                "values": values,
                "limits": [[x.mean() - 2 * x.std(), x.mean() + 3 * x.std(), np.quantile(x, 0.1), np.quantile(x, 0.9)] for x in (whole, rest)],
            })
        print(json.dumps(out))
        """;

    private readonly ChunkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Timeline_SeededRows_AgreesWithNumpy()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import scipy.stats", "").ExitCode == 0, "python3-scipy is not installed; apt-get install python3-scipy.");
        double[] reference = Samples.Bell(1, ReferenceDays * RowsOfADay), current = [.. Samples.Bell(2, CurrentDays * RowsOfADay).Select((x, i) => x + 0.02 * (i / RowsOfADay))];
        string left = Write("reference", reference), right = Write("current", current);
        var expected = Ask(reference, current);
        var tests = new[] { DriftTests.Ks() with { Direction = DriftDirection.StatisticAtOrAbove }, DriftTests.Wasserstein() };

        foreach (bool leaveOneOut in new[] { false, true })
        {
            DriftTimeline Compare(DriftThreshold threshold) => DriftReport.Compare(
                left, right, new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day), Threshold = threshold }.Test("x", tests).Test("name", DriftTests.JensenShannon())).Timeline!;
            var scattered = Compare(DriftThreshold.StandardDeviation(3, 2, leaveOneOut)).Columns.SelectMany(column => column.Tests).ToList();
            var quantiles = Compare(DriftThreshold.Quantile(0.1, 0.9, leaveOneOut)).Columns.SelectMany(column => column.Tests).ToList();

            Assert.Equal(["ks", "wasserstein", "js"], scattered.Select(series => series.Test));
            for (int test = 0; test < 3; test++)
            {
                // 10,000 different values stand in about a thousand cells; ranks, areas and moments are exact.
                const double tolerance = 1e-11;
                var limits = expected[test].Limits[leaveOneOut ? 1 : 0];
                for (int chunk = 0; chunk < CurrentDays; chunk++)
                    Assert.Equal(expected[test].Values[chunk], scattered[test].Values[chunk]!.Value, tolerance);
                Assert.Equal(Math.Max(0, limits[0]), scattered[test].Lower!.Value, tolerance);
                Assert.Equal(limits[1], scattered[test].Upper!.Value, tolerance);
                Assert.Equal(limits[2], quantiles[test].Lower!.Value, tolerance);
                Assert.Equal(limits[3], quantiles[test].Upper!.Value, tolerance);
            }
            Assert.All(scattered, series => Assert.Equal(DriftExactness.Exact, series.Exactness));
        }
    }

    private string Write(string name, double[] values) => _files.Csv(name, "day,x,name", values.Select((x, i) => string.Create(
        CultureInfo.InvariantCulture, $"{new DateOnly(2025, 1, 1).AddDays(i / RowsOfADay):yyyy-MM-dd},{x:R},n{Math.Floor(x)}")));

    private static List<Expected> Ask(double[] reference, double[] current)
    {
        var (exitCode, output) = Run(Script, JsonSerializer.Serialize(new
        {
            reference,
            current,
            referenceDays = reference.Select((_, i) => i / RowsOfADay),
            currentDays = current.Select((_, i) => i / RowsOfADay),
            days = CurrentDays,
            referenceCount = ReferenceDays,
        }));
        Assert.Equal(0, exitCode);
        return JsonSerializer.Deserialize<List<Expected>>(output, JsonSerializerOptions.Web)!;
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

    private sealed record Expected(double[] Values, double[][] Limits);
}
