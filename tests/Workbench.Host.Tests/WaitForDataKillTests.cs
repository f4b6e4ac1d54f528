using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Workbench.Host.Tests;

/// <summary>A pipeline waits for data while its host is killed with kill -9: the next host sees the data and goes on.</summary>
public sealed class WaitForDataKillTests
{
    [Fact]
    public async Task Kill_WhileItWaits_TheNextHostFindsTheData()
    {
        var project = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var data = Path.Combine(project, "data");
        string found, late;
        var (first, url) = await WorkbenchProcess.ServeAsync(project, data);
        await using (first)
        {
            using var client = new HttpClient { BaseAddress = url };
            (await client.PostAsJsonAsync("/api/workflows", Definition("arrives", "in/*.csv", "01:00:00"))).EnsureSuccessStatusCode();
            (await client.PostAsJsonAsync("/api/workflows", Definition("late", "never/*.csv", "00:00:02"))).EnsureSuccessStatusCode();
            found = await StartAsync(client, "arrives");
            late = await StartAsync(client, "late");
            await UntilAsync(client, found, run => ((string?)run["steps"]![0]!["message"])?.Contains("Nothing is at 'in/*.csv' yet") is true);
            await first.KillAsync();
        }
        Directory.CreateDirectory(Path.Combine(project, "in"));
        await File.WriteAllTextAsync(Path.Combine(project, "in", "day.csv"), "a\n1\n2\n");

        var (second, nextUrl) = await WorkbenchProcess.ServeAsync(project, data);
        await using (second)
        {
            using var client = new HttpClient { BaseAddress = nextUrl };
            var arrived = await UntilAsync(client, found, run => (string?)run["status"] == "Finished");
            var missed = await UntilAsync(client, late, run => (string?)run["status"] == "Finished");
            Assert.Equal(("Finished", "Found", 1), ((string?)arrived["subStatus"], (string?)arrived["steps"]![0]!["outcome"], (int)arrived["steps"]![0]!["attempt"]!));
            Assert.Equal(Path.Combine(project, "in", "day.csv"), (string?)arrived["steps"]![0]!["outputs"]!["files"]![0]);
            Assert.Equal(2, (int)arrived["steps"]![0]!["outputs"]!["rows"]!);
            Assert.Equal("TimedOut", (string?)missed["steps"]![0]!["outcome"]);
            Assert.Empty(missed["steps"]![0]!["outputs"]!["files"]!.AsArray());
        }
    }

    private static JsonObject Definition(string id, string path, string deadline)
    {
        static JsonObject Input(string type, JsonNode value) => new() { ["typeName"] = type, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } };
        return new()
        {
            ["definitionId"] = id, ["name"] = id,
            ["root"] = new JsonObject
            {
                ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["connections"] = new JsonArray(),
                ["activities"] = new JsonArray(new JsonObject
                {
                    ["id"] = "wait", ["name"] = "wait", ["type"] = "Workbench.WaitForData", ["version"] = 1, ["path"] = Input("String", path), ["deadline"] = Input("TimeSpan", deadline),
                    ["minimumRows"] = Input("Int32", 2), ["stableFor"] = Input("TimeSpan", "00:00:01"), ["checkEvery"] = Input("TimeSpan", "00:00:01"),
                }),
            },
        };
    }

    private static async Task<string> StartAsync(HttpClient client, string workflow)
    {
        using var answer = await client.PostAsJsonAsync($"/api/workflows/{workflow}/runs", new { reason = "test" });
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!;
    }

    private static async Task<JsonNode> UntilAsync(HttpClient client, string run, Func<JsonNode, bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var state = JsonNode.Parse(await client.GetStringAsync($"/api/runs/{run}"))!;
            if (condition(state))
                return state;
            Assert.False(deadline.IsCancellationRequested, state.ToJsonString());
            await timer.WaitForNextTickAsync();
        }
    }
}
