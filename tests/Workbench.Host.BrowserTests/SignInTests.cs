using System.Net;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

public sealed class SignInTests(PagesWithKey host) : IClassFixture<PagesWithKey>
{
    [Fact]
    public async Task Open_WithoutSession_AsksForTheKeyAndLeadsBackWithALivePage()
    {
        await host.PublishAsync(Pipeline.Of("locked", Pipeline.Activity("only", "Workbench.RunCommand", 40, 40, ("command", "greet"))));
        await using var page = await host.OpenAsync("pipelines/locked?from=test", isLive: false);
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync("Sign in");
        await page.Page.GetByLabel("Key").FillAsync("wrong");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator(".wrong")).ToHaveTextAsync("That is not the key.");
        await page.PictureAsync("sign-in");
        await page.Page.GetByLabel("Key").FillAsync(PagesWithKey.Secret);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.UntilAtAsync("**/pipelines/locked?from=test");
        // The button works only over the circuit, whose web socket the cookie opened.
        await page.Page.Locator("#run").ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await page.UntilAtAsync("**/runs/*");
        await Assertions.Expect(page.Page.Locator("main .state").First).ToHaveTextAsync("Finished");

        var cookie = (await page.Page.Context.CookiesAsync()).Single(cookie => cookie.Name == "workbench-session");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(SameSiteAttribute.Strict, cookie.SameSite);
        Assert.DoesNotContain(PagesWithKey.Secret, cookie.Value);

        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.Page.Locator("h1")).ToHaveTextAsync("Sign in");
    }

    [Fact]
    public async Task Circuit_WithoutKeyOrFromAnotherSite_IsRefused()
    {
        host.Require();
        using var stranger = new HttpClient { BaseAddress = host.Url };
        using var unknown = await stranger.PostAsync("_blazor/negotiate?negotiateVersion=1", null);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
        foreach (var (origin, expected) in new[] { ("https://evil.example", HttpStatusCode.Forbidden), (host.Url.GetLeftPart(UriPartial.Authority), HttpStatusCode.OK) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "_blazor/negotiate?negotiateVersion=1");
            request.Headers.Add("Origin", origin);
            using var answer = await host.Client.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
    }
}
