using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>A page of the designer that remembers every request and every error.</summary>
internal sealed partial class StudioPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly Uri _origin;
    private readonly ConcurrentQueue<string> _foreign = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private StudioPage(IBrowserContext context, Uri origin, IPage page)
    {
        (_context, _origin, Page) = (context, origin, page);
        context.Request += (_, request) => Note(request.Url);
        page.WebSocket += (_, socket) => Note(socket.Url);
        page.Console += (_, message) => { if (message.Type == "error") _errors.Enqueue(message.Text); };
        page.PageError += (_, message) => _errors.Enqueue(message);
    }

    public IPage Page { get; }

    /// <summary>What the browser complained about, such as a broken content security policy.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Waits until the browser is at an address; when it never gets there, what the page says instead is the error.</summary>
    public async Task UntilAtAsync(string pattern)
    {
        try
        {
            await Page.WaitForURLAsync(pattern);
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException($"The page is at {Page.Url} and not at {pattern}. It says: {await Page.Locator("body").InnerTextAsync()}\nThe browser says: {string.Join("; ", Errors)}", failure);
        }
    }

    public static async Task<StudioPage> OpenAsync(IBrowserContext context, Uri origin, string path)
    {
        var page = new StudioPage(context, origin, await context.NewPageAsync());
        page.Page.SetDefaultTimeout(60_000);
        await page.Page.GotoAsync(new Uri(origin, path).ToString());
        return page;
    }

    /// <summary>Keeps what the page shows, for people: in the folder that WORKBENCH_SCREENSHOTS names, else nowhere.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("WORKBENCH_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        Assert.Empty(_foreign);
    }

    private void Note(string url)
    {
        var asked = new Uri(url);
        if (asked.Scheme is not ("data" or "blob" or "about") && asked.Authority != _origin.Authority)
            _foreign.Enqueue(url);
    }
}
