using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Workbench.Data;

namespace Workbench.Host.BrowserTests;

/// <summary>One host for the tests of a class about our own pages; they need no designer.</summary>
public class PagesHost(Browser browser) : IAsyncLifetime
{
    private readonly Windows _windows = new(browser);
    private WorkbenchHost? _host;
    private HttpClient? _client;

    protected virtual string? Key => null;
    protected virtual string? PathBase => null;

    /// <summary>Why there is nothing to test with, or null.</summary>
    public string? Missing { get; } = Browser.Path is null ? "needs Chromium: apt-get install chromium" : null;
    public Uri Url => new(_host!.Url + PathBase + "/");
    public HttpClient Client => _client!;
    internal DataFolder Folder { get; } = new(Directory.CreateTempSubdirectory("workbench-pages-").FullName);
    /// <summary>The file without which <c>flaky</c> fails.</summary>
    internal string Flag => Path.Combine(Folder.Path, "flag");
    /// <summary>The file that ends <c>held</c>.</summary>
    internal string Go => Path.Combine(Folder.Path, "go");
    /// <summary>The file with the number of the process of <c>endless</c>.</summary>
    internal string Process => Path.Combine(Folder.Path, "process");

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        await File.WriteAllTextAsync(Path.Combine(Folder.Path, "commands.json"), new JsonObject
        {
            ["commands"] = new JsonArray(
                Command("greet", "/bin/echo", "hello"),
                Command("held", "/bin/sh", "-c", $"echo begun; until test -e '{Go}'; do sleep 0.1; done; echo ended"),
                Command("endless", "/bin/sh", "-c", $"echo $$ >'{Process}.new'; mv '{Process}.new' '{Process}'; exec sleep 3600"),
                Command("flaky", "/bin/sh", "-c", $"echo looking for the flag; test -e '{Flag}'")),
        }.ToJsonString());
        _host = await WorkbenchHost.StartAsync(new HostSettings
        {
            Folder = Folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.Warning, PathBase = PathBase, ApiKey = Key,
        });
        _client = new HttpClient { BaseAddress = Url };
        if (Key is not null)
            _client.DefaultRequestHeaders.Add("X-Api-Key", Key);
    }

    /// <summary>
    /// A window without cookies and storage, with one page, once its circuit stands; closing it fails the test when anything
    /// was asked of another origin. Pages of plain HTML are not <paramref name="isLive"/>; a window with <paramref name="isNew"/>
    /// has nothing in its cache either.
    /// </summary>
    internal async Task<StudioPage> OpenAsync(string path, int width = 1280, int height = 900, bool isLive = true, bool isNew = false)
    {
        Require();
        var window = isNew ? await browser.OpenWindowAsync(width, height) : await _windows.TakeAsync(width, height);
        var page = new StudioPage(window, Url, _windows.LeaveAsync);
        await page.LoadAsync(path);
        if (isLive)
            await UntilLiveAsync(page);
        return page;
    }

    /// <summary>A page in the same window as another, which knows it as <c>other</c>: one script can act on both at once.</summary>
    internal async Task<StudioPage> OpenBesideAsync(StudioPage first, string path)
    {
        var popup = await first.Page.RunAndWaitForPopupAsync(() => first.Page.EvaluateAsync("address => { window.other = window.open(address); }", new Uri(Url, path).ToString()));
        var page = new StudioPage(popup, Url, popup => popup.CloseAsync());
        await UntilLiveAsync(page);
        return page;
    }

    private static Task UntilLiveAsync(StudioPage page) => page.Page.Locator("main > fieldset:enabled").WaitForAsync();

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
        JsonNode? run = null;
        await UntilAsync(async () => (string?)(run = await GetAsync($"api/runs/{runId}"))["status"] == "Finished");
        return run!; // It was asked for at least once.
    }

    /// <summary>Waits until something holds; after 90 s it fails.</summary>
    internal static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await isTrue())
            await timer.WaitForNextTickAsync(deadline.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
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
public sealed class PagesBelowAPath(Browser browser) : PagesHost(browser)
{
    protected override string PathBase => "/team/ml";
}

/// <summary>The same with a key.</summary>
public sealed class PagesWithKey(Browser browser) : PagesHost(browser)
{
    public const string Secret = "correct horse";

    protected override string Key => Secret;
}
