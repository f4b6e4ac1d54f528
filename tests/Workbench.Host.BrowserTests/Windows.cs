using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>Windows that a test has left, for the next: emptied of cookies and storage, with a cache that is still warm.</summary>
internal sealed class Windows(Browser browser) : IAsyncDisposable
{
    private readonly ConcurrentStack<IPage> _left = [];

    public async Task<IPage> TakeAsync(int width, int height)
    {
        if (!_left.TryPop(out var page))
            return await browser.OpenWindowAsync(width, height);
        await page.SetViewportSizeAsync(width, height);
        return page;
    }

    public async Task LeaveAsync(IPage page)
    {
        try
        {
            await page.EvaluateAsync("() => { localStorage.clear(); sessionStorage.clear(); }");
            await page.Context.ClearCookiesAsync();
            await page.GotoAsync("about:blank");
            _left.Push(page);
        }
        catch (PlaywrightException)
        {
            // A page that broke, or has no storage, serves nobody again.
            await page.Context.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in _left)
            await page.Context.DisposeAsync();
    }
}
