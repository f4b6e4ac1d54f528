using CsCheck;
using Workbench.Data;
using Workbench.Drift.Streams;

namespace Workbench.Core.Tests.Drift.Streams;

/// <summary>
/// Expected rows are those of river's documentation (S1, S2) and of its tests (N1, N2, N3), for its detectors with these
/// options. Where it says none, the test says how the rows were found.
/// </summary>
public sealed class StreamDetectorTests
{
    private static readonly (string Name, double Value)[] TwoSided = [("two_sided", 1)];

    public static TheoryData<string, string, (string, double)[], string> Published => new()
    {
        { "page-hinkley", "S1", [], "D1006" },
        { "adwin", "S1", [], "D1023" },
        { "kswin", "S1", [("alpha", 0.0001)], "D1016" },
        { "ddm", "S2", [], "W1084 D1334 W1492" },
        { "eddm", "S2", [("alpha", 0.8), ("beta", 0.75)], "W1059 D1278" },
        { "hddm-a", "S2", [], "W451 D1206" },
        { "hddm-w", "S2", [], "W451 D1077" },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Read_StreamsOfTheDocumentation_FindsThePublishedRows(string detector, string stream, (string, double)[] options, string expected) =>
        Assert.Equal(expected, Text(new StreamWatch(StreamDetectors.Create(detector, options)).Read(PublishedStreams.Of(stream))));

    public static TheoryData<string, string, (string, double)[], long[]> PublishedDrifts => new()
    {
        { "page-hinkley", "N1", [], [1020, 1991] },
        { "adwin", "N1", [], [1055] },
        { "ddm", "N2", [], [1049] },
        // Not river's test, whose rows are from before it took the sample deviation: its present rule, computed by itself in Python.
        { "eddm", "N2", [], [663, 828, 1007, 1078] },
        { "hddm-a", "N2", [], [1047] },
        { "hddm-a", "N3", TwoSided, [531, 1015, 1545] },
        { "hddm-w", "N2", [], [1018] },
        // River's test has 507 and 1508. Its rule for a fall, computed by itself in Python, also finds the fall at row 1000.
        { "hddm-w", "N3", TwoSided, [507, 1032, 1508] },
    };

    [Theory]
    [MemberData(nameof(PublishedDrifts))]
    public void Read_StreamsOfTheTests_FindsThePublishedDrifts(string detector, string stream, (string, double)[] options, long[] expected) =>
        Assert.Equal(expected, new StreamWatch(StreamDetectors.Create(detector, options)).Read(PublishedStreams.Of(stream))
            .Where(found => found.State == DriftState.Drift).Select(found => found.Index));

    public static TheoryData<string> Detectors => [.. StreamDetectors.Known];

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Load_StoppedAnywhere_GoesOnAsIfItHadRunThrough(string name)
    {
        (from seed in Gen.Int[0, 10_000] from stop in Gen.Int[0, 1500] select (seed, stop)).Sample(
            one =>
            {
                double[] stream = Errors(one.seed, 1500);
                var through = new StreamWatch(StreamDetectors.Create(name));
                var expected = through.Read(stream);

                var first = new StreamWatch(StreamDetectors.Create(name));
                var found = first.Read(stream.Take(one.stop)).ToList();
                var second = StreamWatch.Load(first.Save());
                found.AddRange(second.Read(stream.Skip(one.stop)));

                Assert.Equal(expected, found);
                Assert.Equal(through.Save(), second.Save());
            },
            iter: 40, seed: "0000KGf3nQ00");
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Reset_AfterAStream_IsAsNew(string name)
    {
        var detector = StreamDetectors.Create(name);
        string fresh = detector.Save();
        foreach (double error in Errors(1, 700))
            detector.Update(error);
        Assert.NotEqual(fresh, detector.Save());
        detector.Reset();
        Assert.Equal(fresh, detector.Save());
    }

    [Theory]
    [MemberData(nameof(Detectors))]
    public void Update_ErrorsThatSuddenlyRise_FindsIt(string name)
    {
        double[] stream = [.. Bits(3, 800, 0.1), .. Bits(4, 800, 0.7)];
        // Page-Hinkley waits for 50 in excess of the mean, which errors of 0 and 1 take a while to sum up to.
        var found = new StreamWatch(StreamDetectors.Create(name)).Read(stream).Where(one => one.State == DriftState.Drift);
        Assert.Contains(found, one => one.Index is >= 800 and < 1000);
    }

    [Fact]
    public void Update_Adwin_KeepsMemoryOfTheLogarithmOfItsWindow()
    {
        var detector = StreamDetectors.Create("adwin");
        foreach (double error in Bits(5, 100_000, 0.5))
            detector.Update(error);
        var memory = System.Text.Json.Nodes.JsonNode.Parse(detector.Save())!["memory"]!;
        Assert.Equal(100_000, (long)memory["Width"]!);
        // At most 5 buckets for each power of two below the width.
        Assert.InRange(memory["Rows"]!.AsArray().Sum(row => row!.AsArray().Count), 1, 5 * 17);
    }

    [Theory]
    [InlineData("adwin", double.NaN)]
    [InlineData("page-hinkley", double.PositiveInfinity)]
    [InlineData("ddm", 0.5)]
    [InlineData("eddm", 2)]
    [InlineData("hddm-a", -0.1)]
    [InlineData("hddm-w", 1.5)]
    public void Update_ValueThatIsNone_SaysWhatIsAllowedAndTakesNothing(string name, double value)
    {
        var watch = new StreamWatch(StreamDetectors.Create(name));
        watch.Update(1);
        string before = watch.Save();
        var failure = Assert.Throws<ArgumentOutOfRangeException>(() => watch.Update(value));
        Assert.Contains($"'{name}' watches a stream of values that are each", failure.Message);
        Assert.Equal(before, watch.Save());
    }

    [Fact]
    public void Create_UnknownName_NamesTheNearest()
    {
        var failure = Assert.Throws<ArgumentException>(() => StreamDetectors.Create("adwim"));
        Assert.Contains("Did you mean 'adwin'?", failure.Message);
        Assert.Contains("page-hinkley", failure.Message);
    }

    [Theory]
    [InlineData("adwin", "delt", 0.1, "Did you mean 'delta'?")]
    [InlineData("adwin", "delta", 1, "'delta' of 'adwin' is a number from 0 to 1, both excluded")]
    [InlineData("adwin", "clock", 2.5, "a whole number")]
    [InlineData("kswin", "stat_size", 60, "'window_size' must be at least 2 times 'stat_size'")]
    [InlineData("ddm", "drift_threshold", 1, "'drift_threshold' must be at least 'warning_threshold'")]
    [InlineData("eddm", "beta", 0.99, "'alpha' must be at least 'beta'")]
    public void Create_OptionThatIsNone_SaysWhatIsAllowed(string name, string option, double value, string expected) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(() => StreamDetectors.Create(name, (option, value))).Message);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"detector":"adwin"}""")]
    [InlineData("""{"detector":"adwim","options":{},"state":"None","memory":{}}""")]
    [InlineData("""{"detector":"adwin","options":{},"state":"None","memory":{"Width":7}}""")]
    [InlineData("""{"detector":"ddm","options":{},"state":"Perhaps","memory":{}}""")]
    public void Load_TextThatIsNoDetector_Says(string json) =>
        Assert.Contains("no saved stream detector", Assert.Throws<DataException>(() => StreamDetectors.Load(json)).Message);

    private static string Text(IEnumerable<StreamDetection> found) => string.Join(' ', found.Select(one => $"{one.State.ToString()[0]}{one.Index}"));

    /// <summary>Errors whose rate rises in the middle, so that detectors speak.</summary>
    private static double[] Errors(int seed, int count) => [.. Bits(seed, count / 2, 0.2), .. Bits(seed + 1, count - count / 2, 0.6)];

    private static IEnumerable<double> Bits(int seed, int count, double share)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => random.NextDouble() < share ? 1.0 : 0.0).ToList();
    }
}
