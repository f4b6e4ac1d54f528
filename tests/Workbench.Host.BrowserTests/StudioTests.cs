using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>Elsa Studio, unmodified, in headless Chromium against this host. What the client does decides what is right.</summary>
public sealed class StudioTests(StudioHost host) : IClassFixture<StudioHost>, IAsyncDisposable
{
    /// <summary>A test that failed leaves no page to the next.</summary>
    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            await host.ForgetPageAsync();
    }

    [Fact]
    public async Task Draw_NewPipeline_RunsAndTurnsGreen()
    {
        await host.SaveAsync(Pipeline.Empty("drawn"));
        await using var studio = await host.OpenAsync("/studio/definitions/drawn");
        await studio.OpenedAsync(activities: 0);
        await studio.DragAsync("System", "Run command", 120, 120);
        await studio.DragAsync("Reporting", "Report", 480, 120);
        await studio.ConnectAsync("RunCommand1", "Done", "Report1");
        await studio.SelectAsync("RunCommand1", "Command *");
        await studio.FillAsync("Command *", "greet");
        await studio.AddAsync("Arguments", "dear", "world");
        await studio.SelectAsync("Report1", "Title *");
        await studio.FillAsync("Title *", "Drawn");
        await studio.FillAsync("Text", "first line\nsecond line");
        await studio.TypeCodeAsync("{\"rows\": 12}");
        await studio.PictureAsync("drawn");
        Assert.True((await studio.PublishAsync()).Ok);
        await studio.PictureAsync("published");

        await studio.Page.Locator("#ask").ClickAsync();
        await studio.Page.Locator("#start").ClickAsync();
        await studio.UntilAtAsync("**/studio/instances/*");
        // The badge of an activity that was completed once.
        await Assertions.Expect(studio.Page.Locator(".x6-node").GetByText("1", new() { Exact = true })).ToHaveCountAsync(2, new() { Timeout = 90_000 });
        await studio.PictureAsync("ran");
        var runId = studio.Page.Url.Split('/')[^1];
        var run = await host.GetAsync($"/api/runs/{runId}");
        Assert.Equal("Finished", (string?)run["subStatus"]);
        Assert.Equal("hello dear world", (string?)run["steps"]![0]!["outputs"]!["output"]);
        Assert.Contains("second line", await host.Client.GetStringAsync($"/reports/drawn-{runId}.html"));
        Assert.Empty(studio.Errors);
    }

    [Fact]
    public async Task Edit_EveryKindOfEditor_SavesTypedValues()
    {
        await host.SaveAsync(Pipeline.Of("edited", Pipeline.Activity("evaluate", "Workbench.Evaluate", 40, 20), Pipeline.Activity("notebook", "Workbench.RunNotebookStep", 40, 120),
            Pipeline.Activity("drift", "Workbench.DriftCheck", 360, 20), Pipeline.Activity("promote", "Workbench.PromoteModel", 360, 120)));
        await using var studio = await host.OpenAsync("/studio/definitions/edited");
        await studio.OpenedAsync(activities: 4);
        await studio.SelectAsync("evaluate", "Metric");
        await studio.FillAsync("At least", "0.75");
        await studio.ChooseAsync("Metric", "RocAuc");
        await studio.SavedAsync(() => studio.Page.GetByLabel("Beyond chance").Last.CheckAsync());
        await studio.SelectAsync("notebook", "Step *");
        await studio.TypeCodeAsync("{\"seed\": 7}");
        await studio.AddAsync("Step outputs", "model", "rows");
        await studio.SelectAsync("drift", "Days");
        await studio.FillAsync("Days", "14");
        await studio.SavedAsync(async () =>
        {
            await studio.Control("Until (Date)").Locator("button").First.ClickAsync();
            await studio.Page.Locator(".mud-popover-open .mud-picker-calendar-day:not(.mud-hidden)").GetByText("15", new() { Exact = true }).ClickAsync();
        });
        await studio.SelectAsync("promote", "Alias");
        await studio.ChooseAsync("Candidate *", "candidate");
        await studio.PictureAsync("edited");

        var edited = await host.SavedAsync("edited", saved => Expression(saved, "promote", "candidate")?["type"]?.ToString() == "Variable");
        JsonNode? Input(string activity, string input) => Expression(edited, activity, input)!["value"];
        Assert.Equal(0.75, (double)Input("evaluate", "atLeast")!);
        Assert.Equal("RocAuc", (string?)Input("evaluate", "metric"));
        Assert.True((bool)Input("evaluate", "beyondChance")!);
        Assert.Equal(7, (int)Input("notebook", "parameters")!["seed"]!);
        Assert.Equal("[\"model\",\"rows\"]", (string?)Input("notebook", "stepOutputs"));
        Assert.Equal(14, (int)Input("drift", "days")!);
        Assert.Matches(@"^\d{4}-\d\d-15T00:00:00$", (string?)Input("drift", "until"));
        Assert.Equal("Variable", (string?)Expression(edited, "promote", "candidate")!["type"]);
        Assert.Equal("candidate", (string?)Input("promote", "candidate")!["id"]);
        Assert.Empty(studio.Errors);
    }

    [Fact]
    public async Task Edit_TrainingWaitingAndNotifying_SavesTypedValues()
    {
        await host.SaveAsync(Pipeline.Of("watched", Pipeline.Activity("wait", "Workbench.WaitForData", 40, 20), Pipeline.Activity("train", "Workbench.TrainModel", 360, 20), Pipeline.Activity("notify", "Workbench.Notify", 360, 120)));
        await using var studio = await host.OpenAsync("/studio/definitions/watched");
        await studio.OpenedAsync(activities: 3);
        await studio.SelectAsync("wait", "Path *");
        await studio.FillAsync("Path *", "data/daily/*.parquet");
        await studio.FillAsync("Minimum rows", "500");
        await studio.FillAsync("Deadline", "06:00:00");
        await studio.SelectAsync("train", "Model name *");
        await studio.ChooseAsync("Family", "LogisticRegression");
        await studio.FillAsync("Epochs", "12");
        await studio.SelectAsync("notify", "Subject *");
        await studio.AddAsync("Channels *", "team", "file");
        await studio.ChooseAsync("Severity", "Critical");
        await studio.PictureAsync("watched");

        var watched = await host.SavedAsync("watched", saved => Expression(saved, "notify", "severity")?["value"]?.ToString() == "Critical");
        JsonNode? Input(string activity, string input) => Expression(watched, activity, input)!["value"];
        Assert.Equal(("data/daily/*.parquet", 500, "06:00:00", "00:00:30"), ((string?)Input("wait", "path"), (int)Input("wait", "minimumRows")!, (string?)Input("wait", "deadline"), (string?)Input("wait", "stableFor")));
        Assert.Equal(("LogisticRegression", 12, 0.2), ((string?)Input("train", "family"), (int)Input("train", "epochs")!, (double)Input("train", "holdout")!));
        Assert.Equal(("[\"team\",\"file\"]", "Critical"), ((string?)Input("notify", "channels"), (string?)Input("notify", "severity")));
        Assert.Empty(studio.Errors);
    }

    [Fact]
    public async Task Reload_AfterSaving_GivesTheIdenticalJson()
    {
        await host.SaveAsync(Pipeline.Of("reloaded", Pipeline.Activity("evaluate", "Workbench.Evaluate", 40, 20), Pipeline.Activity("report", "Workbench.Report", 360, 20)));
        await using var studio = await host.OpenAsync("/studio/definitions/reloaded");
        await studio.OpenedAsync(activities: 2);
        await studio.SelectAsync("evaluate", "Metric");
        await studio.FillAsync("Model name *", "churn");
        var first = await host.SavedAsync("reloaded", saved => Expression(saved, "evaluate", "modelName")?["value"]?.ToString() == "churn");
        await studio.Page.ReloadAsync();
        await studio.OpenedAsync(activities: 2);
        // What the client holds after a reload, saved again by its own button, is what it had saved.
        await studio.SavedAsync(() => studio.Page.Locator(".mud-toolbar button.mud-icon-button").Nth(3).ClickAsync());
        Assert.True(JsonNode.DeepEquals(first, await host.GetAsync("/elsa/api/workflow-definitions/by-definition-id/reloaded")));
    }

    [Fact]
    public async Task Publish_BadCron_IsRefusedAndSaidInTheDesigner()
    {
        await host.SaveAsync(Pipeline.Of("bad-cron", Pipeline.Activity("nightly", "Elsa.Cron", 40, 20, ("cronExpression", "99 99 * * *")), Pipeline.Activity("report", "Workbench.Report", 360, 20, ("title", "Report")))
            .Connect("nightly", "report"));
        await using var studio = await host.OpenAsync("/studio/definitions/bad-cron");
        await studio.OpenedAsync(activities: 2);
        // The message goes away by itself: who looks for it begins before it comes.
        var told = Assertions.Expect(studio.Page.GetByText("'99 99 * * *' is no cron expression").First).ToBeVisibleAsync();
        var answer = await studio.PublishAsync();
        Assert.Equal((int)HttpStatusCode.BadRequest, answer.Status);
        await told;
        await studio.PictureAsync("bad-cron");
        Assert.False((bool)(await host.GetAsync("/elsa/api/workflow-definitions/by-definition-id/bad-cron"))["isPublished"]!);
    }

    [Fact]
    public async Task Revert_OlderVersion_BringsItsActivitiesBack()
    {
        await host.SaveAsync(Pipeline.Of("reverted", Pipeline.Activity("old", "Workbench.Report", 40, 20, ("title", "Old"))), publish: true);
        await host.SaveAsync(Pipeline.Of("reverted", Pipeline.Activity("new", "Workbench.Report", 40, 20, ("title", "New"))), publish: true);
        await using var studio = await host.OpenAsync("/studio/definitions/reverted");
        await studio.OpenedAsync(activities: 1);
        await studio.Page.GetByText("Version history").ClickAsync();
        var row = studio.Page.Locator(".mud-table-row", new() { HasText = "1" }).Last;
        await row.Locator("button").Last.ClickAsync();
        await studio.Page.RunAndWaitForResponseAsync(() => studio.Page.Locator(".mud-popover-open").GetByText("Rollback").ClickAsync(), answer => answer.Url.EndsWith("/revert/1", StringComparison.Ordinal));
        // The canvas follows by itself, and shows the same after a reload.
        await Assertions.Expect(studio.Node("old")).ToBeVisibleAsync();
        await studio.PictureAsync("reverted");
        var latest = await host.GetAsync("/elsa/api/workflow-definitions/by-definition-id/reverted");
        Assert.Equal(3, (int)latest["version"]!);
        Assert.Equal("old", (string?)latest["root"]!["activities"]![0]!["id"]);
        await studio.Page.ReloadAsync();
        await studio.OpenedAsync(activities: 1);
        await Assertions.Expect(studio.Node("old")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task SubPath_DeepLinkAndReload_StayBelowIt()
    {
        await host.SaveAsync(Pipeline.Of("below", Pipeline.Activity("report", "Workbench.Report", 40, 20, ("title", "Below"))), publish: true);
        await using var studio = await host.OpenApartAsync("/team/ml/studio/definitions/below");
        await studio.OpenedAsync(activities: 1);
        await studio.Page.ReloadAsync();
        await studio.OpenedAsync(activities: 1);
        // The designer's own button for running; the page leads to the run that it started.
        await studio.Page.Locator("button.mud-success-text").First.ClickAsync();
        await studio.UntilAtAsync("**/team/ml/studio/instances/*");
        await Assertions.Expect(studio.Page.Locator(".x6-node").GetByText("1", new() { Exact = true })).ToHaveCountAsync(1, new() { Timeout = 90_000 });
        Assert.Empty(studio.Errors);
    }

    [Fact]
    public async Task Run_Draft_IsRefusedInWords()
    {
        await host.SaveAsync(Pipeline.Of("unpublished", Pipeline.Activity("report", "Workbench.Report", 40, 20)));
        await using var studio = await host.OpenAsync("/studio/definitions/unpublished");
        await studio.OpenedAsync(activities: 1);
        await studio.Page.Locator("button.mud-success-text").First.ClickAsync();
        await Assertions.Expect(studio.Page.GetByText("Version 1 of 'unpublished' is a draft.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Lists_SearchAndOpen_LeadToEditorAndViewer()
    {
        await host.SaveAsync(Pipeline.Of("listed-one", Pipeline.Activity("report", "Workbench.Report", 40, 20)));
        await host.SaveAsync(Pipeline.Of("listed-two", Pipeline.Activity("report", "Workbench.Report", 40, 20)));
        await using var studio = await host.OpenAsync("/studio", isLoaded: true);
        await studio.Page.EvaluateAsync("() => { window.isStillThere = true; }");
        await studio.Page.GetByPlaceholder("Search").First.FillAsync("listed-t");
        await studio.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(studio.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await studio.PictureAsync("list");
        await studio.Page.Locator("tbody tr").GetByText("listed-two").First.ClickAsync();
        await studio.UntilAtAsync("**/studio/definitions/listed-two");
        await studio.OpenedAsync(activities: 1);
        await studio.Page.GetByRole(AriaRole.Navigation).GetByText("Runs").ClickAsync();
        await studio.UntilAtAsync("**/studio/instances*");
        await Assertions.Expect(studio.Page.Locator("elsa-workflow-instance-list table")).ToBeVisibleAsync();
        await studio.Page.GoBackAsync();
        await studio.OpenedAsync(activities: 1);
        // The lists and editors that were left took only their own hotkeys with them.
        await studio.SavedAsync(() => studio.Page.Keyboard.PressAsync("Control+s"));
        Assert.True(await studio.Page.EvaluateAsync<bool>("window.isStillThere === true"), "The designer was loaded anew on the way.");
        await studio.Page.GotoAsync(new Uri(host.Url, "/studio/instances").ToString());
        await Assertions.Expect(studio.Page.Locator("elsa-workflow-instance-list table")).ToBeVisibleAsync();
        Assert.Empty(studio.Errors);
    }

    // By the activity's id: the designer moves the one that was chosen last to the end.
    private static JsonNode? Expression(JsonNode definition, string activity, string input) =>
        definition["root"]!["activities"]!.AsArray().Single(one => (string?)one!["id"] == activity)![input]?["expression"];
}
