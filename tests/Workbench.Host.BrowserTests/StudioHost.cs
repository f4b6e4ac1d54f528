using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Workbench.Data;
using Workbench.Host.Designer;

namespace Workbench.Host.BrowserTests;

/// <summary>One host and one browser for the tests of a class.</summary>
public sealed class StudioHost : IAsyncLifetime
{
    private WorkbenchHost? _host;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HttpClient? _client;

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
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await Browser.LaunchAsync(_playwright);
    }

    /// <summary>A page of its own; closing it fails the test when anything was asked of another origin.</summary>
    internal async Task<StudioPage> OpenAsync(string path)
    {
        if (Missing is { } why)
            Assert.Skip(why);
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = 1500, Height = 950 } });
        return await StudioPage.OpenAsync(context, Url, path);
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

    /// <summary>The saved definition as soon as <paramref name="isSaved"/> holds: a slow page saves an edit after the test went on. After 30 s it is given as it is, for the test's own assertions to speak.</summary>
    internal async Task<JsonNode> SavedAsync(string definitionId, Func<JsonNode, bool> isSaved)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var waiting = Stopwatch.StartNew(); ; await timer.WaitForNextTickAsync())
        {
            var definition = await GetAsync($"/elsa/api/workflow-definitions/by-definition-id/{definitionId}");
            if (isSaved(definition) || waiting.Elapsed > TimeSpan.FromSeconds(30))
                return definition;
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
    }
}
