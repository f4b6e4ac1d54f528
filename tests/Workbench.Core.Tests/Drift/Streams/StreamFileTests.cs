using Workbench.Data;
using Workbench.Drift.Streams;

namespace Workbench.Core.Tests.Drift.Streams;

public sealed class StreamFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public void Read_ErrorsOfAFile_FindsThePublishedRowsWithTheirTimes(string format)
    {
        string path = Write("errors." + format, PublishedStreams.Of("S2").Select(value => (double?)value));

        var reading = StreamFile.Read(path, "error", Watch(), "at");

        Assert.Equal((2000, 0, 0), (reading.Rows, reading.SkippedRows, reading.Missing));
        // Rows count from 1, values from 0; a row an hour from midnight on.
        Assert.Equal([(1085L, 1084L), (1335, 1334), (1493, 1492)], reading.Detections.Select(one => (one.Row!.Value, one.Index)));
        Assert.Equal("2025-02-15 04:00:00", reading.Detections[0].Time);
    }

    [Fact]
    public void Read_RowsWithoutValue_CountsThemAndGoesOn()
    {
        string path = Write("errors.parquet", PublishedStreams.Of("S2").SelectMany((value, i) => i == 500 ? [null, double.NaN, value] : new double?[] { value }));

        var reading = StreamFile.Read(path, "error", Watch());

        Assert.Equal((2002, 2), (reading.Rows, reading.Missing));
        Assert.Equal([(1087L, 1084L), (1337, 1334), (1495, 1492)], reading.Detections.Select(one => (one.Row!.Value, one.Index)));
    }

    [Fact]
    public void Read_FileThatGrewAndTheNextOne_GoesOnWhereItStopped()
    {
        double[] stream = PublishedStreams.Of("S2");
        string day = Write("day.csv", stream[..700]), state = Path.Combine(_folder, "state.json");
        var found = Step(day, state).ToList();
        Write("day.csv", stream[..1300]);
        found.AddRange(Step(day, state));
        found.AddRange(Step(Write("next.csv", stream[1300..]), state));

        Assert.Equal([1084L, 1334, 1492], found.Select(one => one.Index));
        Assert.Equal([1085L, 35, 193], found.Select(one => one.Row!.Value)); // of its own file
        Write("next.csv", stream[1300..1400]);
        Assert.Contains("100 rows, and 700 of it were read before", Assert.Throws<DataException>(() => Step(Path.Combine(_folder, "next.csv"), state)).Message);
    }

    [Fact]
    public void Read_BadRows_NamesThem()
    {
        string path = Write("bad.csv", [1, 0, 0.5]);
        var failure = Assert.Throws<DataException>(() => StreamFile.Read(path, "error", Watch()));
        Assert.Contains("Row 3 of", failure.Message);
        Assert.Contains("0 (right) or 1 (wrong)", failure.Message);
        File.WriteAllText(path, "error,at\n1,2025-01-02\n0,2025-01-01\n");
        Assert.Contains("Row 2", Assert.Throws<DataException>(() => StreamFile.Read(path, "error", Watch(), "at")).Message);
        Assert.Contains("Did you mean 'error'?", Assert.Throws<DataException>(() => StreamFile.Read(path, "eror", Watch())).Message);
        File.WriteAllText(path, "not json");
        Assert.Contains("no state of a stream", Assert.Throws<DataException>(() => StreamCheckpoint.Load(path)).Message);
    }

    private static StreamWatch Watch() => new(StreamDetectors.Create("ddm"));

    private static IReadOnlyList<StreamDetection> Step(string path, string state)
    {
        var before = StreamCheckpoint.Load(state);
        var watch = before is null ? Watch() : StreamWatch.Load(before.Watch);
        var reading = StreamFile.Read(path, "error", watch, skipRows: before?.SeenOf(path) ?? 0);
        new StreamCheckpoint { Path = path, Column = "error", Rows = reading.Rows, Watch = watch.Save() }.Save(state);
        return reading.Detections;
    }

    private string Write(string name, IEnumerable<double> values) => Write(name, values.Select(value => (double?)value));

    private string Write(string name, IEnumerable<double?> values)
    {
        string path = Path.Combine(_folder, name);
        using var session = DuckSession.Open();
        var start = new DateTime(2025, 1, 1);
        session.Register("rows", values.Select((value, i) => new Row(start.AddHours(i), value)));
        session.Execute($"COPY rows TO {DuckSession.Literal(path)}{(name.EndsWith(".csv", StringComparison.Ordinal) ? " (FORMAT csv, HEADER)" : " (FORMAT parquet)")}");
        return path;
    }

    private sealed record Row(DateTime At, double? Error);
}
