using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Distributed.Tracing;
using Workbench.Host.Activities;
using Workbench.Host.Cli;
using Workbench.Registry;

namespace Workbench.Host.Tests;

/// <summary><c>workbench train</c> as a user types it, on a table whose label is whether x is positive.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ModelRegistry Registry => ModelRegistry.Open(new DataFolder(Path.Combine(_folder, ".workbench")));

    public TrainCommandTests()
    {
        var rows = TinyModel.Rows(800, seed: 3);
        File.WriteAllLines(Path.Combine(_folder, "rows.csv"), ["id,x,colour,y", .. Enumerable.Range(0, rows.Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{rows.Numeric[i]},{rows.Categorical[i]},{rows.Labels[i]}"))]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Train_Table_RegistersTheModelAndSaysWhatItIsWorth()
    {
        var (code, output, error) = await RunAsync("rows.csv", "--label", "y", "--id-column", "id", "--epochs", "12", "--batch", "32", "--lr", "0.02", "--seed", "7", "-p", "patience", "12", "-p", "hiddenSizes", "[8]", "--experiment", "tries");
        Assert.True(code == ExitCode.Done, error);

        var version = Assert.Single(await Registry.ListVersionsAsync("rows-y", Stop));
        var run = await Registry.GetRunAsync(version.RunId!.Value, Stop);
        Assert.InRange(version.Metrics["accuracy"], 0.9, 1); // y is x > 0: nearly every row is right
        Assert.Equal((RunStatus.Finished, "12", "32", "0.02", "7", "8", "id"), (run.Status, run.Parameters["epochs"], run.Parameters["batchSize"], run.Parameters["learningRate"], run.Parameters["seed"], run.Parameters["hiddenSizes"], run.Parameters["idColumn"]));
        Assert.Equal(run.Id, Assert.Single(await Registry.ListRunsAsync("tries", cancellationToken: Stop)).Id);
        Assert.Equal(12, output.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal)));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{version.Metrics["accuracy"]:G6}"), output);
        Assert.Contains($"Registered as rows-y v1, run {run.Id.Value}.", output);
    }

    [Fact]
    public async Task Train_OnTwoRanks_IsOneModelAndAKilledRankIsNoLoss()
    {
        OpenMpi.SkipWhereAbsent();
        string[] network = ["--label", "y", "--id-column", "id", "--batch", "32", "--lr", "0.02", "-p", "dropout", "0", "-p", "patience", "400"];
        var (code, output, error) = await RunAsync(["rows.csv", .. network, "--epochs", "4"]);
        Assert.True(code == ExitCode.Done, error);
        (code, output, error) = await RunAsync(["rows.csv", .. network, "--epochs", "4", "--nproc", "2", "--timeline", "new/two.json"]);
        Assert.True(code == ExitCode.Done, error);
        await HasTimelineAsync(Path.Combine(_folder, "new", "two.json"), ranks: 2);
        var versions = await Registry.ListVersionsAsync("rows-y", Stop);
        Assert.Equal(2, versions.Count);
        Assert.Equal(versions[0].Metrics["log_loss"], versions[1].Metrics["log_loss"], 1e-3); // Adam makes the rounding of sums larger
        Assert.Equal(4, output.Split('\n').Count(line => line.StartsWith("epoch ", StringComparison.Ordinal))); // rank 0's

        (code, _, error) = await RunAsync(["rows.csv", "--label", "yy", "--nproc", "2"]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("lacks column 'yy'", error);
        Assert.DoesNotContain("attempt 2", error);
        (code, _, error) = await RunAsync(["rows.csv", "--label", "y", "--architecture", "LightGbm", "--nproc", "2"]);
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("grows in one process", error);
        Assert.DoesNotContain("attempt 1", error); // No rank was started.

        await using var job = WorkbenchProcess.Start(_folder, new Dictionary<string, string>(), ["train", "rows.csv", .. network, "--epochs", "120", "--model", "killed", "--nproc", "2"]);
        while (!job.Output.Contains("epoch 5 of", StringComparison.Ordinal))
        {
            Assert.False(job.HasExited, job.Error);
            await Task.Delay(20, Stop);
        }
        int rank = int.Parse(System.Text.RegularExpressions.Regex.Match(job.Error, @"rank 1: process (\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
        System.Diagnostics.Process.GetProcessById(rank).Kill();
        Assert.True(await job.EndAsync(Limit) == ExitCode.Done, job.Error);
        Assert.Contains("attempt 2: 1 ranks", job.Error);
        var survivor = Assert.Single(await Registry.ListVersionsAsync("killed", Stop));
        Assert.Contains($"Registered as killed v{survivor.Version}", job.Output);
        // One job is one run, whatever its attempts, with each epoch once.
        var run = Assert.Single(await Registry.ListRunsAsync("killed", cancellationToken: Stop));
        Assert.Equal((RunStatus.Finished, survivor.RunId), (run.Status, run.Id));
        Assert.Equal(Enumerable.Range(1, 120).Select(epoch => (long)epoch), (await Registry.GetMetricHistoryAsync(run.Id, "training_loss", Stop)).Select(point => point.Step));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, ".workbench", "jobs")));
    }

    // 800 rows without holdout and validation are some 540, 17 steps of 32 an epoch.
    private async Task HasTimelineAsync(string path, int ranks)
    {
        var whole = await File.ReadAllBytesAsync(path, Stop);
        var trace = TimelineTrace.Parse(whole);
        Assert.Equal((ranks, ranks), (trace.Ranks, trace.Spans.Select(span => span.Rank).Distinct().Count()));
        Assert.All(trace.Summaries, rank => Assert.InRange(rank.Steps, 4 * 15, 4 * 20));
        Assert.Equal(ranks * (int)trace.Summaries[0].Steps, trace.Spans.Count(span => span.Kind == TimelineKind.Step));
        var runs = await Registry.ListRunsAsync("rows-y", cancellationToken: Stop);
        Assert.Equal(whole, await RunTimeline.FindAsync(Registry, runs[0], Stop)); // so short that the excerpt is the whole
        Assert.Null(await RunTimeline.FindAsync(Registry, runs[1], Stop)); // one rank, and nobody asked
    }

    [Fact]
    public async Task Train_ToMeasureItsScaling_WritesTableAndChartsAndRegistersNothing()
    {
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "mpirun"))), "mpirun is not installed: Debian's package is openmpi-bin.");
        var (code, output, error) = await RunAsync("rows.csv", "--label", "y", "--id-column", "id", "--batch", "64", "--scaling", "2,1", "--scaling-steps", "25", "--weak", "--html", "scaling.html", "--json", "out/scaling.json");
        Assert.True(code == ExitCode.Done, error);
        var points = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "out", "scaling.json"), Stop))!["points"]!.AsArray();
        Assert.Equal([(1, 64), (2, 128)], points.Select(point => ((int)point!["ranks"]!, (int)point["batch"]!)));
        Assert.Equal((0.0, 1.0, 25), ((double)points[0]!["waitingMilliseconds"]!, (double)points[0]!["efficiency"]!, (int)points[0]!["steps"]!));
        Assert.True((double)points[1]!["waitingMilliseconds"]! > 0);
        Assert.Equal((double)points[1]!["samplesPerSecond"]! / (double)points[0]!["samplesPerSecond"]! / 2, (double)points[1]!["efficiency"]!, 1e-9);
        Assert.Matches(@"(?m)^2 +128 +\d+ +\d+\.\d\d +\d+ %", output);
        Assert.Contains("Weak scaling", await File.ReadAllTextAsync(Path.Combine(_folder, "scaling.html"), Stop));
        Assert.Empty(await Registry.ListRunsAsync(cancellationToken: Stop));
        Assert.Empty(Directory.GetDirectories(Path.Combine(_folder, ".workbench", "jobs")));
    }

    [Fact]
    public async Task Train_WrongInput_SaysWhatIsAllowedAndRegistersNothing()
    {
        async Task Refused(string words, int expected, params string[] arguments)
        {
            var (code, output, error) = await RunAsync(arguments);
            Assert.True(code == expected, $"{code}: {output}{error}");
            Assert.Contains(words, error);
            Assert.DoesNotContain("   at ", error);
        }

        await Refused("'--label' is required", ExitCode.WrongUse, "rows.csv");
        await Refused("lacks column 'yy'", ExitCode.Failed, "rows.csv", "--label", "yy");
        await Refused("--timeline '.' is a folder", ExitCode.Failed, "rows.csv", "--label", "y", "--timeline", ".", "--nproc", "2");
        await Refused("LightGbm has no steps", ExitCode.Failed, "rows.csv", "--label", "y", "--architecture", "LightGbm", "--timeline", "t.json");
        await Refused("Did you mean 'patience'?", ExitCode.Failed, "rows.csv", "--label", "y", "-p", "patiense", "3");
        await Refused("allowed is 1 to 10000", ExitCode.Failed, "rows.csv", "--label", "y", "--epochs", "0");
        await Refused("'a/b' is no model name", ExitCode.Failed, "rows.csv", "--label", "y", "--model", "a/b");
        await Refused("'a:b' is no host; written as name:ranks", ExitCode.WrongUse, "rows.csv", "--label", "y", "--hosts", "a:b");
        await Refused("'mpi'", ExitCode.WrongUse, "rows.csv", "--label", "y", "--nproc", "2", "--backend", "gloo");
        await Refused("Give --nproc to the command", ExitCode.Failed, "rows.csv", "--label", "y", "-p", "processes", "2");
        Assert.Empty(await Registry.ListModelsAsync(Stop));
        Assert.All(await Registry.ListRunsAsync(cancellationToken: Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    [Theory]
    [InlineData("--scaling '1,0' is not allowed", "--scaling", "1,0")]
    [InlineData("--scaling '1,,2' is not allowed", "--scaling", "1,,2")]
    [InlineData("Leave --nproc out", "--scaling", "1,2", "--nproc", "2")]
    [InlineData("Leave one of them out", "--scaling", "1,2", "--timeline", "t.json")]
    [InlineData("--weak belongs to --scaling", "--weak")]
    [InlineData("--html belongs to --scaling", "--html", "page.html")]
    [InlineData("--scaling-steps '4' is not allowed", "--scaling", "1", "--scaling-steps", "4")]
    public void Create_OptionsThatDoNotGoTogether_AreWrongUse(string words, params string[] arguments) =>
        Assert.Contains(TrainCommand.Create().Parse(["rows.csv", "--label", "y", .. arguments]).Errors, error => error.Message.Contains(words, StringComparison.Ordinal));

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["train", .. arguments]);
}
