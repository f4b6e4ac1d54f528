using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Training.Tuning;

namespace Workbench.Host.Tests;

/// <summary><c>workbench tune</c> as a user types it, on a table whose label is whether x is positive.</summary>
public sealed class TuneCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string[] Table = ["rows.csv", "--label", "y", "--id-column", "id", "--study", "s"];
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public TuneCommandTests()
    {
        var rows = TinyModel.Rows(800, seed: 3);
        File.WriteAllLines(At("rows.csv"), ["id,x,colour,y", .. Enumerable.Range(0, rows.Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"{rows.Ids[i]},{rows.Numeric[i]},{rows.Categorical[i]},{rows.Labels[i]}"))]);
        File.WriteAllText(At("space.yaml"), "learningRate: {type: float, low: 1e-5, high: 0.1, log: true}\nhiddenSizes: [[8], [16, 8]]\nbatchSize: 64\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Tune_Table_FindsParametersThatTrainAndGoesOn()
    {
        string[] call = [.. Table, "--space", "space.yaml", "--epochs", "9", "--pruner", "asha", "--metric", "accuracy", "--html", "report.html"];
        var (code, output, error) = await RunAsync([.. call, "--trials", "9", "--nproc", "2"]);
        Assert.True(code == ExitCode.Done, error);
        var study = await Study.LoadAsync(Data, "s", Stop);
        var trials = await study.TrialsAsync(Stop);
        Assert.Equal(Enumerable.Range(0, 9), trials.Select(trial => trial.Number));
        var best = study.BestOf(trials)!;
        Assert.InRange(best.Value!.Value, 0.9, 1); // y is x > 0: nearly every row is right
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Best accuracy {best.Value:G6}, trial {best.Number}, run {best.Note}"), output);
        Assert.Contains("workbench tune train s --model NAME", output);
        Assert.Contains("Tuning: s", await File.ReadAllTextAsync(At("report.html"), Stop));

        // Each trial is a run of the experiment, with its parameters, losses and result.
        var runs = await Registry.ListRunsAsync("s", cancellationToken: Stop);
        Assert.Equal(trials.Select(trial => trial.Note).Order(), runs.Select(run => run.Id.Value).Order());
        Assert.All(runs, run => Assert.True(run.Status is RunStatus.Finished or RunStatus.Killed));
        var bestRun = runs.Single(run => run.Id.Value == best.Note);
        Assert.Equal((RunStatus.Finished, best.Value, "y", $"{best.Number}"), (bestRun.Status, bestRun.Metrics["accuracy"], bestRun.Parameters["label"], bestRun.Tags["workbench.trial"]));
        Assert.Equal(best.Parameters["learningRate"]!.ToJsonString(), bestRun.Parameters["learningRate"]);
        Assert.Equal(best.Steps.Select(step => step.Value), (await Registry.GetMetricHistoryAsync(bestRun.Id, "validation_loss", Stop)).Select(point => point.Value));

        var more = await RunAsync([.. call, "--trials", "11"]);
        Assert.Equal(ExitCode.Done, more.Code);
        Assert.Contains("9 trials are there already.", more.Output);
        Assert.Equal(11, (await study.TrialsAsync(Stop)).Count);

        best = (await study.BestAsync(Stop))!;
        Assert.Contains("tiny v1: accuracy", (await RunAsync("train", "s", "--model", "tiny")).Output);
        Assert.Contains("Registered by an earlier attempt.", (await RunAsync("train", "s", "--model", "tiny")).Output);
        var version = await Registry.GetVersionAsync("tiny", 1, Stop);
        Assert.Equal((double)best.Parameters["learningRate"]!, double.Parse(version.Parameters["learningRate"], CultureInfo.InvariantCulture));
        Assert.Matches(@"(?m)^s\s+(0\.\d+|1)\s+maximise\s", (await RunAsync("list")).Output);
        Assert.Matches(@"(?m)^10\s+(completed|pruned)\s", (await RunAsync("show", "s")).Output);
    }

    [Fact]
    public async Task Tune_WorkerKilled_ItsTrialIsTriedAgainByAnother()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "kills by signal");
        using var tune = Start([.. Slow, "--trials", "3", "--workers", "2"]);
        try
        {
            var study = await UntilReportedAsync();
            var victim = (await study.TrialsAsync(Stop)).First(trial => trial.State == TrialState.Running && trial.Steps.Count > 0);
            Process.GetProcessById(int.Parse(victim.Worker.Split(' ')[1], CultureInfo.InvariantCulture)).Kill(); // SIGKILL
            var output = await tune.StandardOutput.ReadToEndAsync(Stop);
            await tune.WaitForExitAsync(Stop);
            Assert.True(tune.ExitCode == ExitCode.Done, output);
            Assert.Contains($"worker {victim.Worker} died (exit code 137); its trial is tried again", output);
            var trials = await study.TrialsAsync(Stop);
            Assert.Equal((3, 2, victim.Parameters.ToJsonString()), (trials.Count, trials[victim.Number].Attempt, trials[victim.Number].Parameters.ToJsonString()));
            Assert.All(trials, trial => Assert.Equal(TrialState.Completed, trial.State));
            Assert.Equal(RunStatus.Killed, (await Registry.GetRunAsync(new RunId(victim.Note!), Stop)).Status);
            Assert.Equal(4, (await Registry.ListRunsAsync("s", cancellationToken: Stop)).Count);
        }
        finally
        {
            tune.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Tune_Interrupted_GivesTrialsBackAndTheSameCommandGoesOn()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends a signal");
        using var tune = Start([.. Slow, "--trials", "1000"]); // more than can be over before the signal comes
        try
        {
            var study = await UntilReportedAsync();
            using (var kill = Process.Start("/bin/kill", ["-INT", $"{tune.Id}"]))
                await kill.WaitForExitAsync(Stop);
            var output = await tune.StandardOutput.ReadToEndAsync(Stop);
            await tune.WaitForExitAsync(Stop);
            Assert.Equal(ExitCode.Failed, tune.ExitCode);
            Assert.Contains("Stopped; the same command goes on.", output);
            var stopped = (await study.TrialsAsync(Stop)).Single(trial => trial.State == TrialState.Running);
            Assert.False(Directory.Exists($"/proc/{stopped.Worker.Split(' ')[1]}"));

            Assert.Equal(ExitCode.Done, (await RunAsync([.. Slow, "--trials", $"{stopped.Number + 1}"])).Code);
            var trial = (await study.TrialsAsync(Stop))[stopped.Number];
            Assert.Equal((TrialState.Completed, 2, stopped.Parameters.ToJsonString()), (trial.State, trial.Attempt, trial.Parameters.ToJsonString()));
        }
        finally
        {
            tune.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Tune_TimeOver_EndsWithTheBestSoFar()
    {
        var (code, output, _) = await RunAsync([.. Slow, "--trials", "1000", "--timeout", "3s"]);
        Assert.Contains("The time is over; the same command goes on.", output);
        Assert.Equal(output.Contains("Best roc_auc", StringComparison.Ordinal) ? ExitCode.Done : ExitCode.Failed, code);
    }

    [Fact]
    public async Task Tune_Notebook_SearchesAFigureThatItShows()
    {
        WriteNotebook("n.ipynb", "double x = 1; string way = \"up\";", "Display.Figures((\"Score\", way == \"down\" ? double.NaN : -(x - 2) * (x - 2)));");
        await File.WriteAllTextAsync(At("n.yaml"), "x: [0, 2, 3]\nway: [up, down]\n", Stop);
        var (code, output, error) = await RunAsync("n.ipynb", "--metric", "Score", "--space", "n.yaml", "--trials", "4", "--workers", "2", "--sampler", "random", "--seed", "2");
        Assert.True(code == ExitCode.Done, error);
        var study = await Study.LoadAsync(Data, "n", Stop);
        var trials = await study.TrialsAsync(Stop);
        Assert.All(trials, trial => Assert.Equal((string?)trial.Parameters["way"] == "down" ? (TrialState.Failed, null) : (TrialState.Completed, (double?)-Math.Pow((double)trial.Parameters["x"]! - 2, 2)), (trial.State, trial.Value)));
        Assert.Equal(2, trials.Select(trial => trial.State).Distinct().Count());
        Assert.Contains("Run it: workbench notebook run n.ipynb OUTPUT.ipynb -y '{", output);
        var runs = await Registry.ListRunsAsync("n", cancellationToken: Stop);
        Assert.Equal(4, runs.Count);
        var best = runs.Single(run => run.Id.Value == study.BestOf(trials)!.Note);
        Assert.Equal(study.BestOf(trials)!.Value, best.Metrics["Score"]);
        Assert.True(File.Exists(Registry.Artifacts.PathOf(new ArtifactId(best.Tags["workbench.executedNotebook"]))));

        var (failedCode, _, failed) = await RunAsync("n.ipynb", "--metric", "Scor", "--space", "n.yaml", "--trials", "9", "--study", "other");
        Assert.Equal(ExitCode.Failed, failedCode);
        Assert.Contains("The notebook shows no figure 'Scor'. Did you mean 'Score'? Its figures: Score.", failed);
        Assert.InRange((await (await Study.LoadAsync(Data, "other", Stop)).TrialsAsync(Stop)).Count, 3, 4); // It gives up after three.
    }

    [Theory]
    [InlineData(ExitCode.WrongUse, "Name what is tuned")]
    [InlineData(ExitCode.WrongUse, "needs --label", "rows.csv")]
    [InlineData(ExitCode.WrongUse, "needs --metric", "n.ipynb")]
    [InlineData(ExitCode.WrongUse, "--trials '0' is not allowed", "rows.csv", "--label", "y", "--trials", "0")]
    [InlineData(ExitCode.WrongUse, "single argument", "rows.csv", "--label", "y", "--workers", "2", "--nproc", "3")]
    [InlineData(ExitCode.WrongUse, "Give the same command on each host", "rows.csv", "--label", "y", "--nproc", "4", "--hosts", "a:2,b:2")]
    [InlineData(ExitCode.WrongUse, "shwo", "show", "s", "shwo")]
    [InlineData(ExitCode.Failed, "Unknown metric 'acuracy'. Did you mean 'accuracy'?", "rows.csv", "--label", "y", "--metric", "acuracy")]
    [InlineData(ExitCode.Failed, "Did you mean 'learningRate'?", "rows.csv", "--label", "y", "-p", "learningRat", "1")]
    [InlineData(ExitCode.Failed, "Did you mean 'colour'?", "rows.csv", "--label", "color")]
    [InlineData(ExitCode.Failed, "values that training refuses: The input 'dropout' is 2; allowed is 0 to 0.99.", "rows.csv", "--label", "y", "--space", "wrong.yaml")]
    [InlineData(ExitCode.Failed, "type is missing", "rows.csv", "--label", "y", "--space", "broken.yaml")]
    [InlineData(ExitCode.Failed, "pruner Asha needs values on the way", "n.ipynb", "--metric", "a", "--space", "n.yaml", "--pruner", "asha")]
    [InlineData(ExitCode.Failed, "'xx'", "n.ipynb", "--metric", "a", "--space", "y.yaml")]
    [InlineData(ExitCode.Failed, "There is no study 's'. None was started yet.", "show", "s")]
    public async Task Tune_WrongCall_IsRefusedBeforeAStudyBegins(int expectedCode, string expected, params string[] arguments)
    {
        WriteNotebook("n.ipynb", "double x = 1;", "1");
        foreach (var (name, text) in ((string, string)[])[("wrong.yaml", "dropout: {type: float, low: 0, high: 2}"), ("broken.yaml", "dropout: {low: 0, high: 1}"), ("n.yaml", "x: [1, 2]"), ("y.yaml", "xx: [1, 2]")])
            await File.WriteAllTextAsync(At(name), text, Stop);
        var (code, _, error) = await RunAsync(arguments);
        Assert.Contains(expected, error);
        Assert.Equal(expectedCode, code);
        Assert.Empty(await Study.ListAsync(Data, Stop));
    }

    // Some seconds a trial: small batches, no early stop.
    private static string[] Slow => [.. Table, "--epochs", "60", "-p", "patience", "60", "-p", "batchSize", "32", "--space", "slow.yaml"];

    private DataFolder Data => new(At("data"));

    private ModelRegistry Registry => ModelRegistry.Open(Data);

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        WriteSlow();
        return WorkbenchProcess.RunAsync(_folder, Limit, ["tune", .. arguments, "--data", At("data")]);
    }

    private Process Start(IEnumerable<string> arguments)
    {
        WriteSlow();
        var command = SelfCommand.With(["tune", .. arguments, "--data", At("data")]);
        return Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { WorkingDirectory = _folder, RedirectStandardOutput = true })!; // an executable starts a process
    }

    // Waits until the study's first trial has reported some epochs.
    private async Task<Study> UntilReportedAsync()
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(Limit);
        while (true)
        {
            await Task.Delay(50, deadline.Token);
            if (File.Exists(Data.Database) && (await Study.ListAsync(Data, deadline.Token)).Count > 0)
            {
                var study = await Study.LoadAsync(Data, "s", deadline.Token);
                if ((await study.TrialsAsync(deadline.Token)).Any(trial => trial.State == TrialState.Running && trial.Steps.Count > 2))
                    return study;
            }
        }
    }

    private void WriteSlow() => File.WriteAllText(At("slow.yaml"), "learningRate: {type: float, low: 1e-4, high: 1e-3, log: true}\n");

    private string At(string name) => Path.Combine(_folder, name);

    private void WriteNotebook(string name, string parameters, string cell) => File.WriteAllText(At(name), new JsonObject
    {
        ["cells"] = new JsonArray(Cell("a", "parameters", parameters), Cell("b", "show", cell)),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = "workbench-csharp", ["display_name"] = "C#", ["language"] = "C#" } },
        ["nbformat"] = 4, ["nbformat_minor"] = 5,
    }.ToJsonString());

    private static JsonObject Cell(string id, string tag, string source) => new()
    {
        ["cell_type"] = "code", ["id"] = id, ["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) }, ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
    };
}
