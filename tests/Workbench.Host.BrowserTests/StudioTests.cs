using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>Elsa Studio, unmodified, in headless Chromium against this host.</summary>
public sealed class StudioTests(StudioHost host) : IClassFixture<StudioHost>
{
    [Fact]
    public async Task List_Empty_IsDrawn()
    {
        await using var studio = await host.OpenAsync("/studio");
        await Assertions.Expect(studio.Page.Locator("elsa-workflow-definition-list")).ToBeVisibleAsync();
        Assert.Empty(studio.Errors);
    }
}
