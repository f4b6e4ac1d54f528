using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Workbench.Data;
using Workbench.Host.Designer;

namespace Workbench.Host.BrowserTests;

/// <summary>
/// One host for the tests of a class, and one page on which the designer was loaded: to load it costs ten seconds of a
/// processor. A test comes to its own definition as a person does who stays in the designer.
/// </summary>
public sealed class StudioHost(Browser browser) : IAsyncLifetime
{
    private const int Width = 1500, Height = 950;
    private WorkbenchHost? _host;
    private HttpClient? _client;
    private IPage? _page;

    /// <summary>Why there is nothing to test with, or null.</summary>
    public string? Missing { get; private set; }
    public Uri Url => new(_host!.Url);
    public HttpClient Client => _client!;
    internal DataFolder Folder { get; } = new(Directory.CreateTempSubdirectory("workbench-studio-").FullName);

    public async ValueTask InitializeAsync()
    {
        Missing = Browser.Path is null ? "needs Chromium: apt-get install chromium"
            : !new StudioFiles().ArePresent ? "needs the npm package @elsa-workflows/elsa-studio-wasm at build time: install npm and build again"
            : null;
        if (Missing is not null)
            return;
        await File.WriteAllTextAsync(Path.Combine(Folder.Path, "commands.json"), """{"commands": [{"name": "greet", "program": "/bin/echo", "arguments": ["hello"], "takesArguments": true}]}""");
        _host = await WorkbenchHost.StartAsync(new HostSettings
        {
            Folder = Folder, Url = "http://127.0.0.1:0", Clock = TimeProvider.System, MonitoringInterval = null, LogLevel = LogLevel.Warning, PathBase = "/team/ml",
        });
        _client = new HttpClient { BaseAddress = Url };
    }

    /// <summary>
    /// The page at a path of the designer, with nothing open of what a test before did there; closing it fails the test when
    /// anything was asked of another origin. The page is loaded when it <paramref name="isLoaded"/> anew or is the first.
    /// </summary>
    internal async Task<StudioPage> OpenAsync(string path, bool isLoaded = false)
    {
        if (Missing is { } why)
            Assert.Skip(why);
        isLoaded |= _page is null;
        _page ??= await browser.OpenWindowAsync(Width, Height);
        var studio = new StudioPage(_page, Url, _ => Task.CompletedTask);
        if (isLoaded)
            await studio.LoadAsync(path);
        else
            await studio.Page.EvaluateAsync("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path); // As Back and Forward do.
        return studio;
    }

    /// <summary>A path of the designer in a window of its own, which closes with the page.</summary>
    internal async Task<StudioPage> OpenApartAsync(string path)
    {
        var studio = new StudioPage(await browser.OpenWindowAsync(Width, Height), Url, page => page.Context.DisposeAsync().AsTask());
        await studio.LoadAsync(path);
        return studio;
    }

    /// <summary>Gives the page up, so that the next test loads one: nobody knows what is on it.</summary>
    internal async Task ForgetPageAsync()
    {
        if (_page is not null)
            await _page.Context.DisposeAsync();
        _page = null;
    }

    /// <summary>Saves a definition through the designer's API and returns the answer.</summary>
    internal async Task<JsonObject> SaveAsync(JsonObject model, bool publish = false)
    {
        if (Missing is { } why)
            Assert.Skip(why);
        using var answer = await Client.PostAsJsonAsync("/elsa/api/workflow-definitions", new { model, publish });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!["workflowDefinition"]!.AsObject();
    }

    internal async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await Client.GetStringAsync(path))!;

    /// <summary>The saved definition as soon as <paramref name="isSaved"/> holds: a slow page saves an edit after the test went on.</summary>
    internal async Task<JsonNode> SavedAsync(string definitionId, Func<JsonNode, bool> isSaved)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var waiting = Stopwatch.StartNew(); ; await timer.WaitForNextTickAsync())
        {
            var definition = await GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{definitionId}");
            if (isSaved(definition))
                return definition;
            Assert.True(waiting.Elapsed < TimeSpan.FromSeconds(60), $"What the test waits for was not saved within a minute: {definition}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ForgetPageAsync();
        _client?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
    }
}
