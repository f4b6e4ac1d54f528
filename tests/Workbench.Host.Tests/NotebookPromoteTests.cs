using System.Text.Json.Nodes;
using Workbench.Notebooks.Promotion;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests;

/// <summary>A notebook promoted by the command line, edited, promoted again, published, and run by a real host.</summary>
public sealed class NotebookPromoteTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData("'61 * * * *'", "--cron", "61 * * * *")]
    [InlineData("Europe/Berlin'?", "--cron", "0 2 * * *", "--timezone", "Europe/Belin")]
    [InlineData("allowed are shares above 0", "--model", "m", "--on-drift", "2")]
    [InlineData("no parameter 'sed'. Did you mean 'seed'?", "-p", "sed", "3")]
    [InlineData("There is no workflow", "--check")]
    public async Task Promote_WrongOption_SaysWhichAndWritesNothing(string expected, params string[] options)
    {
        var project = WriteProject();
        var (code, _, error) = await RunAsync(project, ["notebook", "promote", "score.ipynb", "--to", "score.json", .. options]);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains(expected, error);
        Assert.False(File.Exists(Path.Combine(project, "score.json")));
    }

    [Fact]
    public async Task Promote_CheckAndAgain_TellWhatChanged()
    {
        var project = WriteProject();
        var (_, first, _) = await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json", "--cron", "0 2 * * *", "--timezone", "Europe/Vienna");
        Assert.Contains("added:    Start1, Cron1, load, score", first);
        Assert.Equal(ExitCode.Done, (await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json", "--check")).Code);

        var path = Path.Combine(project, "score.ipynb");
        File.WriteAllText(path, File.ReadAllText(path).Replace("Sum() / 2", "Sum() / 4"));
        var (code, output, _) = await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json", "--check");
        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("step score: changed: cells c4", output);
        Assert.Contains("-var score = numbers.Sum() / 2;\n+var score = numbers.Sum() / 4;", output.ReplaceLineEndings("\n"));

        var (_, dry, _) = await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json", "--dry-run");
        Assert.Contains("would be brought up to date", dry);
        Assert.Equal(ExitCode.Failed, (await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json", "--check")).Code); // nothing was written
        var (_, again, _) = await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "flows/score.json");
        Assert.Contains("updated:  score (cells)", again);
    }

    // The store writes no nulls, orders properties in its way and fills in what is its own.
    [Fact]
    public void Promote_DefinitionThatWentThroughTheStore_IsUpToDate()
    {
        var path = Path.Combine(WriteProject(), "score.ipynb");
        var options = new PromotionOptions { DefinitionId = "score", BaseDirectory = Path.GetDirectoryName(path), Cron = "0 2 * * *" };
        var stored = WorkflowDefinition.Parse(NotebookPromoter.Promote(path, options).Definition) with { Id = "v7", Version = 7, IsPublished = true };

        var again = NotebookPromoter.Promote(path, options with { Existing = JsonNode.Parse(stored.ToJson())!.AsObject() });

        Assert.Equal(stored.ToJson(), again.Definition.ToJsonString(new(System.Text.Json.JsonSerializerOptions.Default) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Empty(again.Updated.Concat(again.Kept));
    }

    [Fact]
    public async Task Run_ByTheHost_HandsOnWhatTheNotebookHolds()
    {
        var project = WriteProject();
        var data = Path.Combine(project, "data");
        await RunAsync(project, "notebook", "run", "score.ipynb", "whole.ipynb", "-p", "seed", "5");
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(project, "hashes.json")))!;
        File.Delete(Path.Combine(project, "hashes.json"));
        await RunAsync(project, "notebook", "promote", "score.ipynb", "--to", "score.json");
        var (code, _, error) = await RunAsync(project, "workflow", "publish", "score.json", "--data", data);
        Assert.True(code == ExitCode.Done, error);
        // A cell that no step runs may change; the pipeline goes on.
        var path = Path.Combine(project, "score.ipynb");
        File.WriteAllText(path, File.ReadAllText(path).Replace("exploration", "other exploration"));

        var (host, url) = await WorkbenchProcess.ServeAsync(project, data);
        await using (host)
        {
            using var client = new HttpClient { BaseAddress = url };
            var ended = await EndAsync(client, (await RunAsync(project, "run", "start", "score", "-p", "seed", "5", "--data", data)).Output.Trim());
            Assert.True((string?)ended["subStatus"] == "Finished", ended.ToJsonString());
            Assert.Equal(expected.ToJsonString(), JsonNode.Parse(File.ReadAllText(Path.Combine(project, "hashes.json")))!.ToJsonString());

            File.WriteAllText(path, File.ReadAllText(path).Replace("Sum() / 2", "Sum() / 4"));
            var refused = await EndAsync(client, (await RunAsync(project, "run", "start", "score", "--data", data)).Output.Trim());
            Assert.Equal("Faulted", (string?)refused["subStatus"]);
            Assert.Contains("--check", refused.ToJsonString());
        }
    }

    private static async Task<JsonNode> EndAsync(HttpClient client, string run)
    {
        using var deadline = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var state = JsonNode.Parse(await client.GetStringAsync($"/api/runs/{run}", deadline.Token))!;
            if ((string?)state["status"] == "Finished")
                return state;
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    // The last step writes a hash of everything that was handed on; a run by hand writes the same file.
    private static string WriteProject()
    {
        var project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var cells = new JsonArray(
            Cell("c1", "parameters", "int seed = 3;"),
            Cell("c2", "setup", "public record Summary(double Mean, DateTime At, decimal Cost);\nstatic string Hash(byte[] bytes) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(bytes));"),
            Cell("c3", "step:load", "#!sql --name table\nSELECT i, sqrt(i) AS root, CASE WHEN i % 3 = 0 THEN NULL ELSE 'n' || i END AS name FROM range(20) r(i)\n#!csharp\nvar random = new Random(seed);\nvar numbers = Enumerable.Range(0, 200_000).Select(_ => random.NextDouble()).ToArray();\nvar file = new FileInfo(Path.GetTempFileName()); File.WriteAllText(file.FullName, string.Join(\",\", numbers.Take(9)));"),
            Cell("explore", null, "numbers.Length // exploration"),
            Cell("c4", "step:score", "var score = numbers.Sum() / 2;\nvar summary = new Summary(score, new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), 1.10m);\nvar tensor = TorchSharp.torch.tensor(numbers.Take(10).ToArray());"),
            Cell("c5", "step:tell", "var hashes = new Dictionary<string, string>\n{\n  [\"numbers\"] = Hash(numbers.SelectMany(BitConverter.GetBytes).ToArray()), [\"file\"] = Hash(File.ReadAllBytes(file.FullName)),\n  [\"tensor\"] = Hash(tensor.bytes.ToArray()), [\"summary\"] = $\"{summary} {BitConverter.DoubleToInt64Bits(summary.Mean)} {summary.At.Kind}\",\n  [\"table\"] = Hash(System.Text.Encoding.UTF8.GetBytes(string.Join(\"|\", table.Rows.SelectMany(row => row).Select(value => $\"{value}:{value?.GetType()}\")))),\n};\nFile.WriteAllText(\"hashes.json\", System.Text.Json.JsonSerializer.Serialize(hashes));"));
        File.WriteAllText(Path.Combine(project, "score.ipynb"), new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = "workbench-csharp", ["display_name"] = "Workbench (C#)", ["language"] = "C#" } },
            ["nbformat"] = 4, ["nbformat_minor"] = 5,
        }.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        return project;
    }

    private static JsonObject Cell(string id, string? tag, string source) => new()
    {
        ["cell_type"] = "code", ["id"] = id, ["metadata"] = tag is null ? new JsonObject() : new JsonObject { ["tags"] = new JsonArray(tag) },
        ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
    };

    private static Task<(int Code, string Output, string Error)> RunAsync(string project, params string[] arguments) => WorkbenchProcess.RunAsync(project, Limit, arguments);
}
