using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Promotion;
using Workbench.Registry;

namespace Workbench.Host.Tests;

/// <summary>kill -9 of the host while a pipeline runs: another host finishes the run from its last completed step, with each effect once.</summary>
public sealed class HostKillTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Kill_InTheMiddleOfAStep_TheNextHostFinishesTheRunWithEachEffectOnce(bool isOnPostgres)
    {
        var project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var data = Path.Combine(project, "data");
        var database = isOnPostgres ? await SharedPostgres.CreateDatabaseAsync() : null;
        string[] option = database is null ? [] : ["--db", database];
        var definition = NotebookPromoter.Promote(WriteNotebook(project), new PromotionOptions { DefinitionId = "fragile", BaseDirectory = project }).Definition;

        var (first, url) = await WorkbenchProcess.ServeAsync(project, data, option);
        string run;
        await using (first)
        {
            using var client = new HttpClient { BaseAddress = url };
            (await client.PostAsJsonAsync("/api/workflows", definition)).EnsureSuccessStatusCode();
            run = (string)(await PostAsync(client, "/api/workflows/fragile/runs", new { reason = "test" }))["id"]!;
            await UntilAsync(() => Task.FromResult(Lines(project).Contains("second begins")), "the second step's beginning");
            await first.KillAsync();
        }

        var (second, nextUrl) = await WorkbenchProcess.ServeAsync(project, data, option);
        await using (second)
        {
            using var client = new HttpClient { BaseAddress = nextUrl };
            JsonNode ended = new JsonObject();
            await UntilAsync(async () => (string?)(ended = JsonNode.Parse(await client.GetStringAsync($"/api/runs/{run}"))!)["status"] == "Finished", "the end of the run");
            Assert.True((string?)ended["subStatus"] == "Finished", ended.ToJsonString());
            var attempts = ended["steps"]!.AsArray().ToDictionary(step => (string)step!["name"]!, step => (int)step!["attempt"]!);
            Assert.Equal(1, attempts["first"]);
            Assert.Equal(2, attempts["second"]);
            Assert.Equal(1, attempts["third"]);
        }

        Assert.Equal(1, Lines(project).Count(line => line == "first"));
        Assert.Equal(2, Lines(project).Count(line => line == "second begins"));
        Assert.Equal(["third sees v1"], Lines(project).Where(line => line.StartsWith("third")));
        Assert.Single(await ModelRegistry.Open(new DataFolder(data) { SharedDatabase = database is null ? null : DatabaseAddress.Parse(database) }).ListVersionsAsync("fragile"));
    }

    // The second step registers its version before the moment at which the host is killed, so a naive repetition would register two.
    private static string WriteNotebook(string project)
    {
        var path = Path.Combine(project, "fragile.ipynb");
        var cells = new JsonArray(
            Cell("setup", $$"""string log = @"{{Path.Combine(project, "effects.log")}}"; string model = @"{{Path.Combine(project, "model.onnx")}}";"""),
            Cell("step:first", """
                int one = 1;
                File.AppendAllText(log, "first\n");
                """),
            Cell("step:second", """
                File.WriteAllText(model, "weights");
                var registry = ModelRegistry.Open(DataFolder.FromEnvironment());
                var made = await registry.RegisterAsync(new NewModelVersion { Name = "fragile", Files = new Dictionary<string, string> { ["model.onnx"] = model }, DataHash = "sha256:test" });
                int made_version = made.Version + one - 1;
                File.AppendAllText(log, "second begins\n");
                await Task.Delay(File.ReadAllLines(log).Count(line => line == "second begins") == 1 ? 120_000 : 10);
                """),
            Cell("step:third", """File.AppendAllText(log, $"third sees v{made_version}\n");"""));
        File.WriteAllText(path, new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["name"] = "workbench-csharp", ["display_name"] = "Workbench (C#)", ["language"] = "C#" } },
            ["nbformat"] = 4, ["nbformat_minor"] = 5,
        }.ToJsonString());
        return path;
    }

    private static JsonObject Cell(string tag, string source) => new()
    {
        ["cell_type"] = "code", ["id"] = tag.Replace(':', '-'), ["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) },
        ["execution_count"] = null, ["outputs"] = new JsonArray(), ["source"] = source,
    };

    private static IReadOnlyList<string> Lines(string project) =>
        File.Exists(Path.Combine(project, "effects.log")) ? File.ReadAllLines(Path.Combine(project, "effects.log")) : [];

    private static async Task<JsonNode> PostAsync(HttpClient client, string path, object body)
    {
        using var response = await client.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
