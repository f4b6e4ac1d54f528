using System.Globalization;
using Workbench.Data;
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
        (code, output, error) = await RunAsync(["rows.csv", .. network, "--epochs", "4", "--nproc", "2"]);
        Assert.True(code == ExitCode.Done, error);
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
        await Refused("Did you mean 'patience'?", ExitCode.Failed, "rows.csv", "--label", "y", "-p", "patiense", "3");
        await Refused("allowed is 1 to 10000", ExitCode.Failed, "rows.csv", "--label", "y", "--epochs", "0");
        await Refused("'a/b' is no model name", ExitCode.Failed, "rows.csv", "--label", "y", "--model", "a/b");
        await Refused("'a:b' is no host; written as name:ranks", ExitCode.WrongUse, "rows.csv", "--label", "y", "--hosts", "a:b");
        await Refused("'mpi'", ExitCode.WrongUse, "rows.csv", "--label", "y", "--nproc", "2", "--backend", "gloo");
        await Refused("Give --nproc to the command", ExitCode.Failed, "rows.csv", "--label", "y", "-p", "processes", "2");
        Assert.Empty(await Registry.ListModelsAsync(Stop));
        Assert.All(await Registry.ListRunsAsync(cancellationToken: Stop), run => Assert.Equal(RunStatus.Failed, run.Status));
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["train", .. arguments]);
}
