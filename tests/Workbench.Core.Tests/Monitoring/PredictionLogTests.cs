using Microsoft.Extensions.Time.Testing;
using Workbench.Data;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Monitoring;

public sealed class PredictionLogTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2025, 2, 1, 13, 30, 0, 250, TimeSpan.FromHours(2));

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _timer = new();

    public void Dispose() => _folder.Dispose();

    private string Glob => PredictionLog.ParquetGlob(_folder.Data, "churn");
    private string ModelFolder => Path.GetDirectoryName(Glob)!;

    private PredictionLog Open(int sealAfterRows = 5000) => PredictionLog.Open(_folder.Data, new() { SealAfterRows = sealAfterRows }, _timer);

    private static PredictionRecord Record(string id, params (string Name, object? Value)[] inputs) => new()
    {
        Id = id,
        Model = "churn",
        Version = 3,
        At = At,
        Score = 0.75,
        Label = 1,
        Inputs = inputs.ToDictionary(input => input.Name, input => input.Value),
    };

    [Fact]
    public async Task AppendAsync_ThenFlush_GivesFlatColumnsOfFixedTypes()
    {
        await using var log = Open();
        await log.AppendAsync(Record("r1", ("age", 41), ("plan", "basic"), ("new", true), ("odd \"name\"", 1.5f), ("empty", null)));
        await log.AppendAsync(Record("r2", ("age", double.NaN), ("plan", null), ("new", false), ("odd \"name\"", double.PositiveInfinity), ("empty", null)));
        await log.FlushAsync();

        Assert.Equal(
            ["prediction_id VARCHAR", "model_version INTEGER", "predicted_at TIMESTAMP", "score DOUBLE", "predicted INTEGER", "age DOUBLE", "new DOUBLE", "odd \"name\" DOUBLE", "empty DOUBLE", "plan VARCHAR"],
            EventQuery.Column<string>($"select column_name || ' ' || column_type from (describe select * from {EventQuery.Read(Glob)})"));
        string Cells(string sql) => string.Join(";", EventQuery.Column<string>($"select ({sql})::varchar from {EventQuery.Read(Glob)} order by prediction_id"));
        Assert.Equal("r1;r2", Cells("prediction_id"));
        Assert.Equal("2025-02-01 11:30:00.25;2025-02-01 11:30:00.25", Cells("predicted_at")); // UTC
        Assert.Equal("3/0.75/1", Cells("model_version || '/' || score || '/' || predicted").Split(';')[0]);
        Assert.Equal("false;true", Cells("isnan(age)"));
        Assert.Equal("41.0", Cells("age").Split(';')[0]);
        Assert.Equal("1.0;0.0", Cells("new"));
        Assert.Equal("1.5;inf", Cells("\"odd \"\"name\"\"\""));
        Assert.Equal("basic;", Cells("plan"));
        Assert.Equal(";", Cells("empty"));
    }

    [Fact]
    public async Task FlushAsync_SecondFileHasOtherNulls_KeepsTheTypes()
    {
        await using var log = Open();
        await log.AppendAsync(Record("r1", ("plan", null), ("age", null)));
        await log.FlushAsync();
        await log.AppendAsync(Record("r2", ("plan", "basic"), ("age", 41)));
        await log.FlushAsync();
        Assert.Equal(
            ["age DOUBLE", "plan VARCHAR"],
            EventQuery.Column<string>($"select column_name || ' ' || column_type from (describe select age, plan from {EventQuery.Read(Glob)})"));
    }

    [Fact]
    public async Task AppendAsync_TimerTicks_SealsInTheBackground()
    {
        await using var log = Open();
        await log.AppendAsync(Record("r1"));
        Assert.False(PredictionLog.HasParquet(_folder.Data, "churn"));
        var seen = WaitForFileAsync("*.parquet");
        _timer.Advance(TimeSpan.FromSeconds(2));
        await seen;
        Assert.True(PredictionLog.HasParquet(_folder.Data, "churn"));
        Assert.Null(log.Failure);
    }

    private async Task WaitForFileAsync(string pattern)
    {
        using var watcher = new FileSystemWatcher(ModelFolder, pattern) { EnableRaisingEvents = true };
        var appeared = new TaskCompletionSource();
        watcher.Renamed += (_, _) => appeared.TrySetResult();
        watcher.Created += (_, _) => appeared.TrySetResult();
        await appeared.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task AppendAsync_MoreThanSealAfterRows_ClosesSegments()
    {
        await using var log = Open(sealAfterRows: 10);
        for (var i = 0; i < 25; i++)
            await log.AppendAsync(Record($"r{i}", ("x", i)));
        Assert.Equal(3, Directory.GetFiles(ModelFolder, "*.jsonl").Length);
        await log.FlushAsync();
        Assert.Equal(3, Directory.GetFiles(ModelFolder, "*.parquet").Length);
        Assert.Empty(Directory.GetFiles(ModelFolder, "*.jsonl"));
        Assert.Equal(25, EventQuery.Column<long>($"select count(distinct prediction_id) from {EventQuery.Read(Glob)}")[0]);
    }

    [Fact]
    public async Task Open_SegmentOfADeadProcess_KeepsWholeLinesAndReportsTheTornOne()
    {
        var dead = new TemporaryFolder();
        await using (var log = PredictionLog.Open(dead.Data, timer: _timer))
        {
            for (var i = 0; i < 5; i++)
                await log.AppendAsync(Record($"r{i}", ("plan", "käse\n"), ("x", double.NaN)));
            CopyLikeAfterAKill(dead, bytesToTear: 20);
        }
        dead.Dispose();

        await using var recovered = Open();
        Assert.Equal((1, 4), (recovered.Recovery.Segments, recovered.Recovery.Rows));
        Assert.StartsWith("{\"id\":\"r4\"", await File.ReadAllTextAsync(Assert.Single(recovered.Recovery.TornFiles)));
        Assert.Equal(["r0", "r1", "r2", "r3"], EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(Glob)} order by 1"));
        Assert.Equal("käse\n", EventQuery.Column<string>($"select plan from {EventQuery.Read(Glob)}")[0]);
        Assert.Empty(Directory.GetFiles(ModelFolder, "*.jsonl"));
    }

    /// <summary>The segment of a live log as it lies on the disk, without its last bytes, in this test's own folder.</summary>
    private string CopyLikeAfterAKill(TemporaryFolder source, int bytesToTear)
    {
        var segment = Assert.Single(Directory.GetFiles(source.Path, "*.jsonl", SearchOption.AllDirectories));
        Directory.CreateDirectory(ModelFolder);
        var copy = Path.Combine(ModelFolder, Path.GetFileName(segment));
        // The lock of the living owner keeps .NET out of the file; cp does not ask for it.
        using (var process = System.Diagnostics.Process.Start("cp", [segment, copy]))
            process.WaitForExit();
        using var file = File.OpenWrite(copy);
        file.SetLength(file.Length - bytesToTear);
        return copy;
    }

    [Fact]
    public async Task Open_KilledBetweenParquetAndDelete_DoublesNothing()
    {
        var dead = new TemporaryFolder();
        byte[] left;
        string copy;
        await using (var log = PredictionLog.Open(dead.Data, timer: _timer))
        {
            await log.AppendAsync([Record("r1"), Record("r2")]);
            copy = CopyLikeAfterAKill(dead, bytesToTear: 0);
            left = await File.ReadAllBytesAsync(copy);
        }
        dead.Dispose();
        await using (Open()) { }
        Assert.False(File.Exists(copy));
        await File.WriteAllBytesAsync(copy, left); // as if the Parquet had been renamed and the segment not yet deleted
        await using (Open()) { }
        Assert.Equal(["r1", "r2"], EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(Glob)} order by 1"));
    }

    [Fact]
    public async Task Open_DamagedLineInTheMiddle_KeepsTheOthers()
    {
        Directory.CreateDirectory(ModelFolder);
        const string Line = """{"id":"ID","version":1,"atMicroseconds":0,"score":0.5,"predicted":0,"numbers":{},"texts":{}}""";
        await File.WriteAllTextAsync(Path.Combine(ModelFolder, "a.jsonl"), $"{Line.Replace("ID", "r1")}\n\0\0\0\0\n{Line.Replace("ID", "r2")}\n");
        await using var log = Open();
        Assert.Equal(2, log.Recovery.Rows);
        Assert.Equal("\0\0\0\0\n", await File.ReadAllTextAsync(Assert.Single(log.Recovery.TornFiles)));
    }

    [Fact]
    public async Task Open_WhileAnotherLogLives_LeavesItsSegmentAlone()
    {
        await using var first = Open();
        await first.AppendAsync(Record("r1"));
        await using var second = Open();
        Assert.Equal(0, second.Recovery.Segments);
        await second.AppendAsync(Record("r2"));
        await first.AppendAsync(Record("r3"));
        await first.FlushAsync();
        await second.FlushAsync();
        Assert.Equal(["r1", "r2", "r3"], EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(Glob)} order by 1"));
    }

    [Fact]
    public async Task FlushAsync_ParquetCannotBeWritten_KeepsTheRowsAndTriesAgain()
    {
        await using var log = Open();
        await log.AppendAsync(Record("r1"));
        var segment = Assert.Single(Directory.GetFiles(ModelFolder, "*.jsonl"));
        var obstacle = Directory.CreateDirectory(Path.ChangeExtension(segment, ".parquet")); // a folder where the file should be
        var failure = await Assert.ThrowsAsync<DataException>(() => log.FlushAsync());
        Assert.Contains("Cannot write", failure.Message);
        obstacle.Delete();
        await log.FlushAsync();
        Assert.Equal(["r1"], EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(Glob)}"));
    }

    [Fact]
    public async Task AppendAsync_FromManyThreads_LosesNothing()
    {
        await using (var log = Open(sealAfterRows: 37))
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
            {
                for (var i = 0; i < 200; i++)
                {
                    await log.AppendAsync(Record($"{thread}-{i}", ("x", i)));
                    if (i % 50 == 0)
                        await log.FlushAsync();
                }
            })));
        Assert.Equal(
            [800L, 800L],
            EventQuery.Column<long>($"select unnest([count(*), count(distinct prediction_id)]) from {EventQuery.Read(Glob)}"));
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("prediction_id")]
    [InlineData("model")]
    [InlineData("")]
    public async Task AppendAsync_ReservedInput_RefusesAndListsThem(string name)
    {
        await using var log = Open();
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(Record("r1", (name, 1))));
        Assert.Contains("prediction_id, model_version, predicted_at, score, predicted", failure.Message);
    }

    [Fact]
    public async Task AppendAsync_InputChangesItsType_RefusesTheWholeBatch()
    {
        await using var log = Open();
        await log.AppendAsync(Record("r1", ("age", 41)));
        var failure = await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync([Record("r2", ("age", 3)), Record("r3", ("age", "41"))]));
        Assert.Contains("'age' of model 'churn' is a text and was a number", failure.Message);
        await log.FlushAsync();
        Assert.Equal(["r1"], EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(Glob)}"));
    }

    [Fact]
    public async Task AppendAsync_BadModelNameOrValue_Refuses()
    {
        await using var log = Open();
        await Assert.ThrowsAsync<RegistryException>(() => log.AppendAsync(Record("r1") with { Model = "../x" }));
        await Assert.ThrowsAsync<ArgumentException>(() => log.AppendAsync(Record("r1", ("when", At))));
        Assert.False(Directory.Exists(ModelFolder));
    }

    [Fact]
    public async Task AppendAsync_FolderCannotBeMade_SaysWhatToDo()
    {
        await using var log = Open();
        File.WriteAllText(_folder.Data.Events, "a file where the folder should be");
        var failure = await Assert.ThrowsAsync<DataException>(() => log.AppendAsync(Record("r1")));
        Assert.Contains("make the folder writable", failure.Message);
    }

    [Fact]
    public async Task AppendAsync_AfterDispose_Throws()
    {
        var log = Open();
        await log.DisposeAsync();
        await log.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => log.AppendAsync(Record("r1")));
    }

    [Fact]
    public void Open_OptionsOutOfRange_SaysWhatIsAllowed() =>
        Assert.Contains("1 to 1,000,000", Assert.Throws<ArgumentOutOfRangeException>(() => Open(sealAfterRows: 0)).Message);
}
