using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Serving.Export;
using Workbench.Training;

namespace Workbench.Host.Tests;

/// <summary><c>workbench predict</c> as a user types it, with workers and calls that are killed in the middle.</summary>
public sealed class PredictCommandTests : IDisposable
{
    private const int Rows = 24_576, RowsPerPart = 1024, Parts = 24;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
    private readonly TrainedTabularModel _model;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public PredictCommandTests()
    {
        _model = TabularTrainer.Fit(TinyModel.Rows(600, 1), TinyModel.Rows(200, 2), new TabularTrainingOptions { MaxEpochs = 2, Seed = 1, BatchSize = 64 });
        OnnxExporter.Export(_model, At("tiny.onnx"));
        Write("rows.parquet", "x * 4 - 2");
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Predict_RegisteredModel_GivesEveryRowWhatTheTrainedModelGives()
    {
        var version = await TinyModel.RegisterAsync(ModelRegistry.Open(new DataFolder(At(".workbench"))), epochs: 2, seed: 1);
        var (code, output, error) = await RunAsync("tiny/1", "rows.parquet", "--out", "out", "--rows-per-part", "7000", "--id", "id", "--keep", "colour");
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("All 4 parts are in", output);
        Assert.Equal(["part-00000.parquet", "part-00001.parquet", "part-00002.parquet", "part-00003.parquet", "plan.json"], Names("out"));

        using var session = DuckSession.Open();
        var rows = session.Query<(string PredictionId, string Colour, int ModelVersion, double Score, int Predicted)>($"SELECT prediction_id, colour, model_version, score, predicted FROM {DuckSession.Literal(At("out/*.parquet"))}");
        var given = session.Query<(string Id, double X, string Colour)>($"SELECT id, x, colour FROM {DuckSession.Literal(At("rows.parquet"))}");
        Assert.Equal(given.Select(row => (row.Id, row.Colour, version.Version)), rows.Select(row => (row.PredictionId, row.Colour, row.ModelVersion)));
        // TorchSharp itself; the exporter allows a difference of 1E-5.
        var expected = _model.Predict(new() { Schema = TinyModel.Schema, Rows = Rows, Numeric = [.. given.Select(row => (float)row.X)], Categorical = [.. given.Select(row => row.Colour)], Labels = [], Ids = [] });
        Assert.All(expected.Zip(rows), pair => Assert.Equal(pair.First, pair.Second.Score, 1e-5));
        Assert.All(rows, row => Assert.Equal(row.Score >= 0.5 ? 1 : 0, row.Predicted));
    }

    [Fact]
    public async Task Predict_WorkerAndThenCallKilled_GivesTheBytesOfAnUndisturbedRun()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc to find the worker processes.");
        string[] call = ["tiny.onnx", "rows.parquet", "--rows-per-part", $"{RowsPerPart}"];
        var (code, _, error) = await RunAsync([.. call, "--out", "whole"]);
        Assert.True(code == ExitCode.Done, error);

        await using (var first = WorkbenchProcess.Start(_folder, new Dictionary<string, string>(), ["predict", .. call, "--out", "out", "--nproc", "2"]))
        {
            await UntilAsync(() => Names("out").Any(name => name.StartsWith("part-", StringComparison.Ordinal)));
            int victim = Children(first.Id)[0];
            using (var worker = Process.GetProcessById(victim))
                worker.Kill();
            await UntilAsync(() => first.Output.Contains("died (exit code 137); another takes its place", StringComparison.Ordinal));
            var workers = Children(first.Id);
            await first.KillAsync();
            await UntilAsync(() => workers.All(worker => !Directory.Exists($"/proc/{worker}")));
        }
        Assert.InRange(Names("out").Count(name => name.StartsWith("part-", StringComparison.Ordinal)), 1, Parts - 1);

        (code, var output, error) = await RunAsync([.. call, "--out", "out", "--nproc", "2"]);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("are there already", output);
        Assert.Equal(Hashes("whole"), Hashes("out"));
        Assert.Equal(Parts + 1, Hashes("out").Count);
    }

    [Fact]
    public async Task Predict_TwoCallsAtOnceOnOneFolder_ShareTheParts()
    {
        string[] call = ["tiny.onnx", "rows.parquet", "--rows-per-part", $"{RowsPerPart}", "--out", "out"];
        var results = await Task.WhenAll(RunAsync(call), RunAsync(call));
        Assert.All(results, result => Assert.True(result.Code == ExitCode.Done, result.Error));
        var written = results.SelectMany(result => result.Output.Split('\n')).Where(line => line.Contains(" rows in ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).ToList();
        Assert.Equal(Parts, written.Count); // each once
        Assert.Equal(Parts, written.Distinct().Count());
        using var session = DuckSession.Open();
        Assert.Equal(((long)Rows, (long)Rows), session.Query<(long, long)>($"SELECT count(*), count(DISTINCT prediction_id) FROM {DuckSession.Literal(At("out/*.parquet"))}").Single());
    }

    [Fact]
    public async Task Predict_WrongInput_SaysWhatIsWrongAndLeavesTheOtherParts()
    {
        Write("bad.parquet", "CASE WHEN i = 9000 THEN 1e300 WHEN i = 9001 THEN 'inf' ELSE x END");
        var (code, _, error) = await RunAsync("tiny.onnx", "bad.parquet", "--out", "out", "--rows-per-part", "6144");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("part-00001.parquet: bad.parquet has values that are too large", error);
        Assert.Contains("row 9,001, column 'x': 1E+300; row 9,002, column 'x': Infinity", error);
        Assert.Contains("1 of 4 parts failed", error);
        Assert.DoesNotContain("part-00001.parquet", Names("out"));
        Assert.Equal(3, Names("out").Count(name => name.StartsWith("part-", StringComparison.Ordinal)));

        Directory.CreateDirectory(At("other"));
        await File.WriteAllTextAsync(At("other/notes.txt"), "mine", Stop);
        foreach (var (words, arguments) in new (string, string[])[]
        {
            ("the content of bad.parquet has changed", ["tiny.onnx", "bad.parquet", "--out", "out", "--rows-per-part", "6144"]),
            ("--rows-per-part was 6144 and is 5000", ["tiny.onnx", "bad.parquet", "--out", "out", "--rows-per-part", "5000"]),
            ("lacks column 'nix'", ["tiny.onnx", "rows.parquet", "--out", "o", "--keep", "nix"]),
            ("lies in the folder of the output", ["tiny.onnx", "rows.parquet", "--out", "."]),
            ("is not empty and holds no plan", ["tiny.onnx", "rows.parquet", "--out", "other"]),
            ("The model file 'none.onnx' does not exist", ["none.onnx", "rows.parquet", "--out", "o"]),
            ("No table file", ["tiny.onnx", "none.parquet", "--out", "o"]),
            ("Unknown model 'none'", ["none@champion", "rows.parquet", "--out", "o"]),
            ("is no model that can be served", ["rows.parquet", "rows.parquet", "--out", "o"]),
        })
        {
            Write("bad.parquet", "CASE WHEN i = 9000 THEN 0 ELSE x END"); // for the first; the others refuse before
            (code, _, error) = await RunAsync(arguments);
            Assert.Equal(ExitCode.Failed, code);
            Assert.Contains(words, error);
            Assert.DoesNotContain("   at ", error);
        }
        Assert.False(Directory.Exists(At("o")));
    }

    [Fact]
    public async Task Predict_CsvAndADamagedPart_MakesThatPartAgain()
    {
        using (var session = DuckSession.Open())
            session.Execute($"COPY (SELECT * FROM {DuckSession.Literal(At("rows.parquet"))} LIMIT 3000) TO {DuckSession.Literal(At("rows.csv"))} (HEADER)");
        string[] call = ["tiny.onnx", "rows.csv", "--out", "out", "--rows-per-part", "1000"];
        Assert.Equal(ExitCode.Done, (await RunAsync(call)).Code);
        var before = Hashes("out");
        await File.WriteAllTextAsync(At("out/part-00001.parquet"), "torn", Stop);
        var (code, output, error) = await RunAsync(call);
        Assert.True(code == ExitCode.Done, error);
        Assert.Contains("part-00001.parquet is damaged, and is made again", output);
        Assert.Equal(before, Hashes("out"));
    }

    private void Write(string name, string x)
    {
        using var session = DuckSession.Open();
        session.Execute(string.Create(CultureInfo.InvariantCulture,
            $"COPY (SELECT id, {x} AS x, colour FROM (SELECT i, 'r' || i AS id, (i * 7919 % 10007) / 10007.0::DOUBLE AS x, CASE WHEN i % 3 = 0 THEN 'red' ELSE 'blue' END AS colour FROM range({Rows}) t(i)) ORDER BY i) TO {DuckSession.Literal(At(name))} (FORMAT parquet, ROW_GROUP_SIZE 6144)"));
    }

    private List<string> Names(string folder) =>
        !Directory.Exists(At(folder)) ? [] : [.. Directory.EnumerateFileSystemEntries(At(folder)).Select(entry => Path.GetFileName(entry)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)];

    private List<(string Name, string Hash)> Hashes(string folder) =>
        [.. Directory.EnumerateFiles(At(folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(At(folder), file), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))))];

    private static List<int> Children(int process) =>
        [.. File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Concat(Directory.EnumerateDirectories($"/proc/{process}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))).Distinct().Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Limit);
        while (!condition())
            await Task.Delay(5, deadline.Token);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["predict", .. arguments]);
}
