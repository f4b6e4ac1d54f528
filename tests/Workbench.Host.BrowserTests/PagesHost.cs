using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Workbench.Data;

namespace Workbench.Host.BrowserTests;

/// <summary>One host and one browser for the tests of our own pages; they need no designer.</summary>
public class PagesHost : IAsyncLifetime
{
    private WorkbenchHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HttpClient? _client;

    protected virtual string? Key => null;
    protected virtual string? PathBase => null;

    /// <summary>Why there is nothing to test with, or null.</summary>
    public string? Missing { get; } = Browser.Path is null ? "needs Chromium: apt-get install chromium" : null;
    public Uri Url => new(_host!.Url + PathBase + "/");
    public HttpClient Client => _client!;
    internal DataFolder Folder { get; } = new(Directory.CreateTempSubdirectory("workbench-pages-").FullName);
    internal string Flag => Path.Combine(Folder.Path, "flag");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        await File.WriteAllTextAsync(Path.Combine(Folder.Path, "commands.json"), new JsonObject
        {
            ["commands"] = new JsonArray(
                Command("greet", "/bin/echo", "hello"),
                Command("slow", "/bin/sh", "-c", "echo begun; sleep 4; echo ended"),
                Command("flaky", "/bin/sh", "-c", $"echo looking for the flag; test -e '{Flag}'")),
        }.ToJsonString());
        _host = await WorkbenchHost.StartAsync(new HostSettings
        {
            Folder = Folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.Warning, PathBase = PathBase, ApiKey = Key,
        });
        _client = new HttpClient { BaseAddress = Url };
        if (Key is not null)
            _client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await Browser.LaunchAsync(_playwright);
    }

    /// <summary>
    /// A browser of its own with one page, once its circuit stands; closing it fails the test when anything was asked of another
    /// origin. Pages of plain HTML are not <paramref name="isLive"/>.
    /// </summary>
    internal async Task<StudioPage> OpenAsync(string path, int width = 1280, int height = 900, bool isLive = true)
    {
        Require();
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var page = await StudioPage.OpenAsync(context, Url, path);
        if (isLive)
            await page.Page.Locator("main > fieldset:enabled").WaitForAsync();
        return page;
    }

    internal void Require()
    {
        if (Missing is { } why)
            Assert.Skip(why);
    }

    /// <summary>Publishes a pipeline and starts a run of it; returns the run's id.</summary>
    internal async Task<string> StartAsync(JsonObject definition, object? inputs = null)
    {
        await PublishAsync(definition);
        return await StartAsync((string)definition["definitionId"]!, inputs);
    }

    internal async Task<string> StartAsync(string definitionId, object? inputs = null)
    {
        using var answer = await Client.PostAsJsonAsync($"api/workflows/{Uri.EscapeDataString(definitionId)}/runs", new { reason = "test", inputs });
        return (string)JsonNode.Parse(await TextAsync(answer))!["id"]!;
    }

    internal async Task PublishAsync(JsonObject definition)
    {
        Require();
        using var answer = await Client.PostAsJsonAsync("api/workflows", definition);
        await TextAsync(answer);
    }

    internal async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    internal async Task<JsonNode> UntilFinishedAsync(string runId)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            var run = await GetAsync($"api/runs/{runId}");
            if ((string?)run["status"] == "Finished")
                return run;
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _client?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }

    private static JsonObject Command(string name, string program, params string[] arguments) => new()
    {
        ["name"] = name, ["program"] = program, ["arguments"] = new JsonArray([.. arguments.Select(argument => (JsonNode)argument)]), ["takesArguments"] = false,
    };
}

/// <summary>The same below a path, as behind a proxy that keeps it.</summary>
public sealed class PagesBelowAPath : PagesHost
{
    protected override string PathBase => "/team/ml";
}

/// <summary>The same with a key.</summary>
public sealed class PagesWithKey : PagesHost
{
    public const string Secret = "correct horse";

    protected override string Key => Secret;
}
