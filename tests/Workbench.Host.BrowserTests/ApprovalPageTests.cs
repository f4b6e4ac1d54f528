using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

public sealed class ApprovalPageTests(PagesHost host) : IClassFixture<PagesHost>
{
    [Fact]
    public async Task Approve_WithReason_LetsTheRunGoOnAndTellsWhoComesSecond()
    {
        var id = await host.StartAsync(Pipeline.Of("release",
            Pipeline.Activity("ask", "Workbench.Approve", 40, 40, ("title", "Release it?")),
            Pipeline.Activity("say", "Workbench.RunCommand", 320, 40, ("command", "greet"))).Connect("ask", "say", "Approved"));
        await using var first = await host.OpenAsync("approvals");
        await first.Page.GetByRole(AriaRole.Link, new() { Name = "Release it?" }).ClickAsync();
        await Assertions.Expect(first.Page.Locator("#approve")).ToBeDisabledAsync();
        await using var second = await host.OpenBesideAsync(first, "approvals");
        await second.Page.GetByRole(AriaRole.Link, new() { Name = "Release it?" }).ClickAsync();
        await Assertions.Expect(second.Page.Locator("#approve")).ToBeDisabledAsync();
        await FillAsync(first, "ada", "better on every slice");
        await FillAsync(second, "bob", "I saw drift");
        await first.PictureAsync("approval");

        // Both in one go of the browser: a page that hears of the other's decision first takes its buttons away.
        await first.Page.EvaluateAsync("() => { document.getElementById('approve').click(); window.other.document.getElementById('reject').click(); }");
        // Whichever of the two locked the run first has decided; the other is told whose decision counts.
        await Assertions.Expect(first.Page.Locator("section[aria-label='Decision'] blockquote")).ToBeVisibleAsync();
        await Assertions.Expect(second.Page.Locator("section[aria-label='Decision'] blockquote")).ToBeVisibleAsync();
        var approval = (await host.GetAsync($"api/approvals?runId={id}"))[0]!;
        bool isApproved = (string?)approval["status"] == "Approved";
        Assert.Equal(isApproved ? ("ada", "better on every slice") : ("bob", "I saw drift"), ((string?)approval["decidedBy"], (string?)approval["reason"]));
        var (winner, loser) = isApproved ? (first, second) : (second, first);
        await Assertions.Expect(loser.Page.Locator(".failure")).ToContainTextAsync(isApproved ? "ada has approved it" : "bob has rejected it");
        await Assertions.Expect(winner.Page.Locator(".failure")).ToHaveCountAsync(0);

        var run = await host.UntilFinishedAsync(id);
        Assert.Equal(isApproved ? 2 : 1, run["steps"]!.AsArray().Count);
        Assert.Empty(first.Errors);
    }

    [Fact]
    public async Task Approve_ByWhoMayNot_IsRefusedWithTheNames()
    {
        var ask = Pipeline.Activity("ask", "Workbench.Approve", 40, 40, ("title", "Only for Grace?"));
        ask["approvers"] = new System.Text.Json.Nodes.JsonObject
        {
            ["typeName"] = "Object", ["expression"] = new System.Text.Json.Nodes.JsonObject { ["type"] = "Object", ["value"] = new System.Text.Json.Nodes.JsonArray("grace") },
        };
        await host.StartAsync(Pipeline.Of("guarded", ask));
        await using var page = await host.OpenAsync("approvals");
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Only for Grace?" }).ClickAsync();
        await FillAsync(page, "mallory", "let me in");
        await page.Page.Locator("#approve").ClickAsync();
        await Assertions.Expect(page.Page.Locator(".failure")).ToContainTextAsync("'mallory' may not decide. Allowed: grace.");
        await FillAsync(page, "grace", "looks right");
        await page.Page.Locator("#approve").ClickAsync();
        await Assertions.Expect(page.Page.Locator("section[aria-label='Decision']")).ToContainTextAsync("Approved by grace");
    }

    private static async Task FillAsync(StudioPage page, string who, string why)
    {
        await page.Page.Locator("#decider").FillAsync(who);
        await page.Page.Locator("#why").FillAsync(why);
        await Assertions.Expect(page.Page.Locator("#approve")).ToBeEnabledAsync();
    }
}
