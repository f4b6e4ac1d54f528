using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>The page of a run in headless Chromium: what the engine does decides what it must show.</summary>
public sealed class RunPageTests(PagesHost host) : IClassFixture<PagesHost>
{
    [Fact]
    public async Task Open_WhileStepsRun_TurnsGreenByItselfAndShowsTheLog()
    {
        File.Delete(host.Go);
        var id = await host.StartAsync(Pipeline.Of("slowly", Command("first", "held", 40), Command("second", "greet", 320)).Connect("first", "second"));
        await using var page = await host.OpenAsync($"runs/{id}?step=first");
        try
        {
            await Assertions.Expect(Node(page, "first")).ToHaveAttributeAsync("data-state", "Running");
            await Assertions.Expect(Node(page, "second")).ToHaveAttributeAsync("data-state", "");
            await Assertions.Expect(page.Page.Locator("pre.log")).ToContainTextAsync("begun");
        }
        finally
        {
            // The step goes on when it was seen running, and does not outlive a test that failed.
            await File.WriteAllTextAsync(host.Go, "");
        }
        await Assertions.Expect(Node(page, "second")).ToHaveAttributeAsync("data-state", "Completed");
        await Assertions.Expect(Node(page, "first")).ToHaveAttributeAsync("data-state", "Completed");
        await Assertions.Expect(page.Page.Locator("pre.log")).ToContainTextAsync("ended");
        await Assertions.Expect(page.Page.Locator(".gantt .span.good")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Page.Locator("main .state").First).ToHaveTextAsync("Finished");
        await page.PictureAsync("run");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Retry_FailedStep_RunsAgainAndTheRunEndsWell()
    {
        File.Delete(host.Flag);
        var id = await host.StartAsync(Pipeline.Of("flaky", Command("look", "flaky", 40), Command("after", "greet", 320)).Connect("look", "after"));
        await host.UntilFinishedAsync(id);
        await using var page = await host.OpenAsync($"runs/{id}");
        // What failed is chosen without a click.
        await Assertions.Expect(page.Page.Locator("#step .failure")).ToContainTextAsync("exit code 1");
        await Assertions.Expect(page.Page.Locator("pre.log")).ToContainTextAsync("looking for the flag");
        await File.WriteAllTextAsync(host.Flag, "");
        await page.Page.Locator("#retry-step").ClickAsync();
        await Assertions.Expect(Node(page, "after")).ToHaveAttributeAsync("data-state", "Completed");
        await Assertions.Expect(page.Page.Locator("main .state").First).ToHaveTextAsync("Finished");
        Assert.Equal("Finished", (string?)(await host.UntilFinishedAsync(id))["subStatus"]);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Cancel_RunningStep_EndsTheRunWithTheReason()
    {
        File.Delete(host.Process);
        var id = await host.StartAsync(Pipeline.Of("endless", Command("wait", "endless", 40)));
        await PagesHost.UntilAsync(() => Task.FromResult(File.Exists(host.Process)));
        using var sleeping = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(host.Process), CultureInfo.InvariantCulture));
        try
        {
            await using var page = await host.OpenAsync($"runs/{id}");
            await Assertions.Expect(Node(page, "wait")).ToHaveAttributeAsync("data-state", "Running");
            await page.Page.Locator("#cancel").ClickAsync();
            await page.Page.GetByLabel("Why?").FillAsync("wrong data");
            await page.Page.Locator("#cancel-now").ClickAsync();
            await Assertions.Expect(page.Page.Locator("main .state").First).ToHaveTextAsync("Cancelled");
            await Assertions.Expect(page.Page.Locator("main .failure").First).ToContainTextAsync("wrong data");
            await Assertions.Expect(page.Page.Locator("#cancel")).ToHaveCountAsync(0);
            // It sleeps for an hour: that it ends is the cancellation's work.
            await PagesHost.UntilAsync(() => Task.FromResult(sleeping.HasExited));
        }
        finally
        {
            sleeping.Kill();
        }
    }

    [Fact]
    public async Task Start_FromTheForm_ChecksTypesAndLeadsToTheRun()
    {
        var definition = Pipeline.Of("typed", Command("only", "greet", 40));
        definition["inputs"] = new JsonArray(
            new JsonObject { ["name"] = "days", ["type"] = "Int32", ["defaultValue"] = 56, ["description"] = "Days of data." },
            new JsonObject { ["name"] = "strict", ["type"] = "Boolean", ["defaultValue"] = false });
        await host.PublishAsync(definition);
        await using var page = await host.OpenAsync("pipelines/typed");
        await page.Page.Locator("#run").ClickAsync();
        var days = page.Page.Locator("#start-run [name=days]");
        await Assertions.Expect(days).ToHaveValueAsync("56");
        await days.FillAsync("many");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".wrong")).ToContainTextAsync("'many' is no whole number");
        await days.FillAsync("14");
        await page.Page.Locator("#start-run [name=strict]").SelectOptionAsync("true");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await page.UntilAtAsync("**/runs/*");
        var run = await host.UntilFinishedAsync(page.Page.Url.Split('/')[^1]);
        var inputs = (await host.GetAsync($"elsa/api/workflow-instances/{run["id"]}"))["workflowState"]!["input"]!;
        Assert.Equal((14, true), ((int)inputs["days"]!, (bool)inputs["strict"]!));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Runs_Filtered_ShowOnlyThose()
    {
        await host.UntilFinishedAsync(await host.StartAsync(Pipeline.Of("one-of-two", Command("only", "greet", 40))));
        await host.UntilFinishedAsync(await host.StartAsync(Pipeline.Of("other-of-two", Command("only", "greet", 40))));
        await using var page = await host.OpenAsync("runs");
        await page.Page.GetByLabel("Pipeline").SelectOptionAsync("one-of-two");
        await page.UntilAtAsync("**/runs?pipeline=one-of-two");
        var rows = page.Page.Locator("section[aria-label='Runs'] tbody tr");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows.First).ToContainTextAsync("one-of-two");
        await page.Page.GetByLabel("State").SelectOptionAsync("Faulted");
        await Assertions.Expect(page.Page.Locator(".empty")).ToContainTextAsync("No run is like that");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Names_ThatLookLikeMarkup_StayText()
    {
        const string Name = "<img src=x onerror=alert(1)>";
        var definition = Pipeline.Of("markup", Command("only", "greet", 40));
        definition["name"] = Name;
        definition["root"]!["activities"]![0]!["name"] = Name;
        var id = await host.StartAsync(definition);
        await host.UntilFinishedAsync(id);
        foreach (var path in (string[])["", "pipelines", "pipelines/markup", $"runs/{id}"])
        {
            await using var page = await host.OpenAsync(path);
            await Assertions.Expect(page.Page.Locator("h1")).ToBeVisibleAsync();
            Assert.Equal(0, await page.Page.Locator("img").CountAsync());
            Assert.Empty(page.Errors);
        }
    }

    private static ILocator Node(StudioPage page, string activity) => page.Page.Locator($"#graph [data-activity='{activity}']");

    private static JsonObject Command(string id, string command, int x)
    {
        var activity = Pipeline.Activity(id, "Workbench.RunCommand", x, 60, ("command", command));
        activity["customProperties"] = new JsonObject { ["maxAttempts"] = 1 };
        return activity;
    }
}
