using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Workbench.Host.BrowserTests.Browser))]

namespace Workbench.Host.BrowserTests;

/// <summary>
/// Debian's Chromium, headless, driven by Playwright; no browser is downloaded. There is one for all tests, begun by the first
/// that needs it: to begin one, and to open a window, costs more than most tests.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    public Browser() => _browser = new(LaunchAsync);

    public static string? Path { get; } = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    /// <summary>A window with cookies, storage and cache of its own, and one page.</summary>
    public async Task<IPage> OpenWindowAsync(int width, int height)
    {
        var context = await (await _browser.Value).NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser.IsValueCreated)
            await (await _browser.Value).DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000);
        _playwright = await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path, Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }
}
