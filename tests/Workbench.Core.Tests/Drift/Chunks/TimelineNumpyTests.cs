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
    private const int Parts = 7; // which leaves a few rows over on both sides

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

        # NannyML's numeric Jensen-Shannon: Doane's bins of the whole reference, fitted once; what lies outside has one more.
        edges = np.histogram_bin_edges(ref, bins="doane")
        def shares(x):
            inside = np.histogram(x, bins=edges)[0]
            return np.append(inside, len(x) - inside.sum()) / len(x)
        def doane(chunks):
            return [jensenshannon(shares(ref), shares(chunk), base=2) for chunk in chunks]
        def parts(x):
            size = len(x) // data["parts"]
            return [x[i:i + size] for i in range(0, len(x), size)]
        nanny = []
        for of_reference, of_current in (
                ([ref[days == day] for day in range(data["referenceCount"])], [cur[current_days == day] for day in range(data["days"])]),
                (parts(ref), parts(cur))):
            scattered = np.array(doane(of_reference))
            nanny.append({"values": doane(of_current), "limits": [[scattered.mean() - 3 * scattered.std(), scattered.mean() + 3 * scattered.std()]]})
        print(json.dumps({"measures": out, "nanny": nanny, "outside": int(shares(cur)[-1] * len(cur))}))
        """;

    private readonly ChunkFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Timeline_SeededRows_AgreesWithNumpy()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import scipy.stats", "").ExitCode == 0, "python3-scipy is not installed; apt-get install python3-scipy.");
        // 10,000 different values stand in about a thousand cells; ranks, areas and moments are exact.
        const double tolerance = 1e-11;
        double[] reference = Samples.Bell(1, ReferenceDays * RowsOfADay), current = [.. Samples.Bell(2, CurrentDays * RowsOfADay).Select((x, i) => x + 0.02 * (i / RowsOfADay))];
        string left = Write("reference", reference), right = Write("current", current);
        var answer = Ask(reference, current);
        var expected = answer.Measures;
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

        Assert.True(answer.Outside > 0); // else the bin for what lies outside would not be seen
        var chunkings = new[] { Chunking.By(ChunkPeriod.Day), Chunking.Number(Parts, incomplete: IncompleteChunk.Keep) }; // NannyML keeps the rest
        foreach (var (chunking, nanny) in chunkings.Zip(answer.Nanny))
        {
            DriftSeries Compare(DriftThreshold? threshold) => Assert.Single(DriftReport.Compare(
                left, right, new DriftOptions { Preset = DriftPreset.NannyMlCompatible, Columns = ["x"], Chunks = chunking, Threshold = threshold }).Timeline!.Columns[0].Tests);
            var byDefault = Compare(null);
            var both = Compare(DriftThreshold.StandardDeviation(3, 3, leaveOneOut: false));

            Assert.Equal("jensen_shannon", byDefault.Test);
            Assert.Equal(nanny.Values.Length, byDefault.Values.Count);
            Assert.All(nanny.Values, (value, chunk) => Assert.Equal(value, byDefault.Values[chunk]!.Value, tolerance));
            Assert.Null(byDefault.Lower);
            Assert.Equal(Math.Min(1, nanny.Limits[0][1]), byDefault.Upper!.Value, tolerance);
            Assert.Equal(byDefault.Upper, both.Upper);
            Assert.Equal(Math.Max(0, nanny.Limits[0][0]), both.Lower!.Value, tolerance);
        }
    }

    private string Write(string name, double[] values) => _files.Csv(name, "day,x,name", values.Select((x, i) => string.Create(
        CultureInfo.InvariantCulture, $"{new DateOnly(2025, 1, 1).AddDays(i / RowsOfADay):yyyy-MM-dd},{x:R},n{Math.Floor(x)}")));

    private static Answer Ask(double[] reference, double[] current)
    {
        var (exitCode, output) = Run(Script, JsonSerializer.Serialize(new
        {
            reference,
            current,
            referenceDays = reference.Select((_, i) => i / RowsOfADay),
            currentDays = current.Select((_, i) => i / RowsOfADay),
            days = CurrentDays,
            referenceCount = ReferenceDays,
            parts = Parts,
        }));
        Assert.Equal(0, exitCode);
        return JsonSerializer.Deserialize<Answer>(output, JsonSerializerOptions.Web)!;
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

    private sealed record Answer(List<Expected> Measures, List<Expected> Nanny, int Outside);

    private sealed record Expected(double[] Values, double[][] Limits);
}
