using System.Diagnostics;
using System.Globalization;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

/// <summary>Real processes share a study; one of them is killed by SIGKILL in the middle of a trial.</summary>
public class StudyProcessesTests : DatabaseTests
{
    [Fact]
    public async Task RunAsync_OneOfThreeProcessesIsKilled_ItsTrialIsRetriedAndNoNumberIsGivenTwice()
    {
        var study = await Study.OpenAsync(Folder.Data, TuningProcess.Options, TestContext.Current.CancellationToken);
        using Process first = Start(), second = Start(), killed = Start();
        try
        {
            await WaitUntilAskedAsync(killed, 3);
            killed.Kill();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            foreach (var process in (Process[])[killed, first, second])
                await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            foreach (var process in (Process[])[killed, first, second])
                process.Kill();
        }

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        var asked = Directory.GetFiles(Folder.Path, "asked-*").SelectMany(File.ReadAllLines).Select(line => line.Split('\t')).ToList();
        Assert.Equal(asked.Count, asked.DistinctBy(line => (line[0], line[1])).Count());
        Assert.Equal(TuningProcess.Trials, asked.Select(line => line[0]).Distinct().Count());
        Assert.All(asked.GroupBy(line => line[0]), attempts => Assert.Single(attempts.Select(line => line[2]).Distinct()));
        var last = File.ReadAllLines(Asked(killed))[^1].Split('\t');
        var trials = await study.TrialsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(0, TuningProcess.Trials), trials.Select(trial => trial.Number));
        Assert.All(trials, trial => Assert.Equal(TrialState.Completed, trial.State));
        // The kill falls into a trial, which takes 40 ms; between two trials there was nothing to retry.
        int number = int.Parse(last[0], CultureInfo.InvariantCulture);
        Assert.True(trials[number].Attempt == 2 || trials[number].Worker.EndsWith($" {killed.Id}", StringComparison.Ordinal), $"attempt {trials[number].Attempt} by {trials[number].Worker}");
        Assert.Equal(trials.Sum(trial => trial.Attempt), asked.Count);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { Environment = { [TuningProcess.FolderVariable] = Folder.Path }, RedirectStandardOutput = true };
        if (Folder.SharedDatabase is { } database)
            start.Environment[DatabaseAddress.EnvironmentVariable] = database.Text;
        return Process.Start(start)!; // an executable starts a process
    }

    private string Asked(Process process) => Path.Combine(Folder.Path, $"asked-{process.Id}");

    private async Task WaitUntilAskedAsync(Process process, int trials)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(Asked(process)) || File.ReadLines(Asked(process)).Count() < trials)
        {
            Assert.False(process.HasExited, "The process ended by itself.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), deadline.Token);
        }
    }
}
