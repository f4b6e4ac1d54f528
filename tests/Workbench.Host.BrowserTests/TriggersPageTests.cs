using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

public sealed class TriggersPageTests(PagesHost host) : IClassFixture<PagesHost>
{
    [Fact]
    public async Task Fire_PausedSchedule_StartsARunByHandAndStaysPaused()
    {
        await host.PublishAsync(Pipeline.Of("yearly",
            Pipeline.Activity("schedule", "Elsa.Cron", 40, 40, ("cronExpression", "0 30 4 1 1 *")),
            Pipeline.Activity("say", "Workbench.RunCommand", 320, 40, ("command", "greet"))).Connect("schedule", "say"));
        await using var page = await host.OpenAsync("triggers");
        var card = page.Page.Locator("[data-trigger^='yearly']");
        // Five first of Januaries.
        await Assertions.Expect(card.Locator("p .state")).ToHaveCountAsync(5);
        await Assertions.Expect(card.Locator("p .state").First).ToContainTextAsync("-01-01 04:30:00 UTC");
        await card.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(card.Locator(".state").First).ToHaveTextAsync("Paused");
        await Assertions.Expect(card.Locator("p .state")).ToHaveCountAsync(0);
        await card.GetByRole(AriaRole.Button, new() { Name = "Fire" }).ClickAsync();
        await card.GetByRole(AriaRole.Link, new() { Name = "the run" }).ClickAsync();
        await page.UntilAtAsync("**/runs/*");
        var run = await host.UntilFinishedAsync(page.Page.Url.Split('/')[^1]);
        Assert.Equal(("yearly", "Finished"), ((string?)run["definitionId"], (string?)run["subStatus"]));
        await page.Page.GoBackAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(card.Locator("p .state")).ToHaveCountAsync(5);
        Assert.Empty(page.Errors);
    }
}
