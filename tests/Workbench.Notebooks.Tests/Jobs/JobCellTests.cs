using System.Globalization;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Protocol;
using Workbench.Notebooks.Tests.Kernel;

namespace Workbench.Notebooks.Tests.Jobs;

/// <summary>Jobs of real ranks (Workbench.Core.TestRank under mpirun) in cells of a real kernel.</summary>
[Collection("kernel")]
public sealed partial class JobCellTests(KernelFixture kernel)
{
    [Fact]
    public async Task RunAsync_TwoRanksThatTrain_ShowsThemInOneOutput()
    {
        SkipWithoutMpi();
        var (reply, messages) = await ExecuteAsync(kernel.Client, $"var job = await {Job("learn", "3")};\njob");

        Assert.True(reply.IsOk, string.Join('\n', reply.Traceback));
        var shown = messages.Where(message => message.Type is "display_data" or "update_display_data").ToList();
        Assert.Single(shown, message => message.Type == "display_data");
        Assert.Single(shown.Select(message => message.Content["transient"]!["display_id"]!.ToString()).Distinct());
        Assert.InRange(shown.Count, 3, 60); // two a second at most
        var text = TextOf(shown[^1]).Split('\n');
        Assert.StartsWith("Learn: done on 2 ranks in ", text[0], StringComparison.Ordinal);
        Assert.StartsWith("step 30, epoch 3 · loss ", text[1], StringComparison.Ordinal);
        Assert.Contains(" · validation ", text[1], StringComparison.Ordinal);
        Assert.EndsWith(" samples/s", text[1], StringComparison.Ordinal);
        Assert.Matches("^rank 0: done, step 30, process [0-9]+ on ", text[2]);
        Assert.Matches("^rank 1: done, step 30, process [0-9]+ on ", text[3]);
        Assert.Contains("<svg", shown[^1].Content["data"]!["text/html"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("True 1 2", (await kernel.RunAsync("$\"{job.Succeeded} {job.Attempts} {job.FinalSize}\"")).Result);
    }

    [Fact]
    public async Task RunAsync_Interrupted_EndsEveryProcessBeforeTheCell()
    {
        SkipWithoutMpi();
        var pids = new List<int>();
        var (reply, messages) = await ExecuteAsync(kernel.Client, $"await {Job("work", "none", "0", "100000")}", ranks =>
        {
            pids.AddRange(ranks);
            Assert.All(pids, pid => Assert.True(IsAlive(pid)));
            kernel.Client.Interrupt();
        });

        Assert.Equal("KeyboardInterrupt", reply.ErrorName);
        Assert.Equal(2, pids.Count);
        Assert.All(pids, pid => Assert.False(IsAlive(pid), $"Rank process {pid} is left."));
        Assert.StartsWith("Learn: stopped after ", TextOf(messages.Last(message => message.Type == "update_display_data")), StringComparison.Ordinal);
        Assert.Equal("2", (await kernel.RunAsync("1 + 1")).Result);
    }

    [Fact]
    public async Task RunAsync_ARankFails_IsTheErrorOfTheCell()
    {
        SkipWithoutMpi();
        var run = await kernel.RunAsync($"await {Job("work", "fail", "2", "5").Replace("}, ", ", MaxRestarts = 0 }, ", StringComparison.Ordinal)}");

        Assert.Equal("Workbench.Distributed.DistributedException", run.Reply.ErrorName);
        Assert.Matches("^The job failed in attempt 1: Rank 1 \\(process [0-9]+ on .+\\) failed: InvalidDataException: Row 7 is no number\\.$", run.Reply.ErrorMessage);
        Assert.Contains("Learn: failed after ", run.Data("update_display_data", "text/plain"), StringComparison.Ordinal);
        Assert.Contains("rank 1: failed", run.Data("update_display_data", "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_OnAKernelWithoutTheProgram_SaysWhatToDo() =>
        Assert.Contains("'workbench kernel install'", (await kernel.RunAsync("await Job.TrainAsync(\"x.csv\", label: \"y\")")).Reply.ErrorMessage, StringComparison.Ordinal);

    [Fact]
    public async Task RunAsync_TheKernelIsKilled_EndsEveryRank()
    {
        SkipWithoutMpi();
        var own = await KernelClient.StartAsync(new(TestFiles.KernelCommand, Path.GetTempPath(), new Dictionary<string, string>()), TestContext.Current.CancellationToken);
        await using var _ = own;
        var pids = new List<int>();
        await Assert.ThrowsAsync<KernelEndedException>(() => ExecuteAsync(own, $"await {Job("work", "none", "0", "100000")}", ranks =>
        {
            pids.AddRange(ranks);
            own.Kill();
        }));

        Assert.Equal(2, pids.Count);
        for (int waited = 0; pids.Exists(IsAlive) && waited < 100; waited++) // 10 s are promised
            await Task.Delay(100, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(pids, IsAlive);
    }

    private static string Job(params string[] arguments) =>
        $"Job.RunAsync(new JobOptions {{ Command = [@\"{TestFiles.RankProgram}\", {string.Join(", ", arguments.Select(argument => $"\"{argument}\""))}], Processes = 2, Backend = \"mpi\" }}, \"Learn\")";

    /// <summary>Runs a cell; <paramref name="whenRanksWork"/> gets the process ids of both ranks, once, as soon as both make steps.</summary>
    private static async Task<(CellReply Reply, List<JupyterMessage> Messages)> ExecuteAsync(KernelClient client, string code, Action<int[]>? whenRanksWork = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var messages = new List<JupyterMessage>();
        var reply = await client.ExecuteAsync(code, message =>
        {
            messages.Add(message);
            if (message.Type == "update_display_data" && WorkingRank().Matches(TextOf(message)) is { Count: 2 } ranks)
                Interlocked.Exchange(ref whenRanksWork, null)?.Invoke([.. ranks.Select(rank => int.Parse(rank.Groups["pid"].Value, CultureInfo.InvariantCulture))]);
        }, limit.Token);
        return (reply, messages);
    }

    private static string TextOf(JupyterMessage message) => message.Content["data"]!["text/plain"]!.ToString();

    private static bool IsAlive(int pid) => File.Exists($"/proc/{pid}/stat") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static void SkipWithoutMpi() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "mpirun"))), "mpirun is not installed: Debian's package is openmpi-bin.");

    [GeneratedRegex("^rank [01]: (computing|waiting for others), step [1-9][0-9]*, process (?<pid>[0-9]+) on ", RegexOptions.Multiline)]
    private static partial Regex WorkingRank();
}
