using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Workbench.Host.BrowserTests;

/// <summary>A page of the designer that remembers every request and every error.</summary>
internal sealed partial class StudioPage : IAsyncDisposable
{
    private readonly Uri _origin;
    private readonly Func<IPage, Task> _leave;
    private readonly ConcurrentQueue<string> _foreign = new();
    private readonly ConcurrentQueue<string> _errors = new();

    /// <summary>Watches a page until it is disposed of.</summary>
    /// <param name="page">The page, which another test may have had before.</param>
    /// <param name="origin">The only place that it may ask.</param>
    /// <param name="leave">What becomes of the page when the test is done with it.</param>
    public StudioPage(IPage page, Uri origin, Func<IPage, Task> leave)
    {
        (Page, _origin, _leave) = (page, origin, leave);
        page.Context.Request += OnRequest;
        page.WebSocket += OnWebSocket;
        page.Console += OnConsole;
        page.PageError += OnPageError;
    }

    public IPage Page { get; }

    /// <summary>What the browser complained about, such as a broken content security policy.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>
    /// Waits until the browser is at an address; when it never gets there, what the page says instead is the error. Looks
    /// again and again: Playwright's own wait for a navigation misses one within the page that falls between its look and its wait.
    /// </summary>
    /// <param name="pattern">An address in which <c>**</c> stands for any text and <c>*</c> for any without a slash.</param>
    public async Task UntilAtAsync(string pattern)
    {
        var address = new Regex($"^{Regex.Escape(pattern).Replace(@"\*\*", ".*").Replace(@"\*", "[^/]*")}$");
        try
        {
            await Assertions.Expect(Page).ToHaveURLAsync(address, new() { Timeout = 60_000 });
        }
        catch (PlaywrightException failure)
        {
            throw new TimeoutException($"The page is at {Page.Url} and not at {pattern}. It says: {await Page.Locator("body").InnerTextAsync()}\nThe browser says: {string.Join("; ", Errors)}", failure);
        }
    }

    /// <summary>Loads a path of the origin.</summary>
    public Task LoadAsync(string path) => Page.GotoAsync(new Uri(_origin, path).ToString());

    /// <summary>Keeps what the page shows, for people: in the folder that WORKBENCH_SCREENSHOTS names, else nowhere.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("WORKBENCH_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }

    public async ValueTask DisposeAsync()
    {
        await _leave(Page);
        Page.Context.Request -= OnRequest;
        Page.WebSocket -= OnWebSocket;
        Page.Console -= OnConsole;
        Page.PageError -= OnPageError;
        Assert.Empty(_foreign);
    }

    private void OnRequest(object? sender, IRequest request) => Note(request.Url);

    private void OnWebSocket(object? sender, IWebSocket socket) => Note(socket.Url);

    private void OnConsole(object? sender, IConsoleMessage message)
    {
        if (message.Type == "error")
            _errors.Enqueue(message.Text);
    }

    private void OnPageError(object? sender, string message) => _errors.Enqueue(message);

    private void Note(string url)
    {
        var asked = new Uri(url);
        if (asked.Scheme is not ("data" or "blob" or "about") && asked.Authority != _origin.Authority)
            _foreign.Enqueue(url);
    }
}
