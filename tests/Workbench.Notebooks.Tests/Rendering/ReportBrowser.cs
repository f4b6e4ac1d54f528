using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Tests.Rendering;

/// <summary>
/// Debian's Chromium over the DevTools protocol, without a network. A page's frames run in processes of their own, which
/// --dump-dom does not wait for: here a test waits for what it expects.
/// </summary>
internal sealed partial class ReportBrowser : IAsyncDisposable
{
    private const string Chromium = "/usr/bin/chromium";
    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("workbench-chromium-");
    private string? _session;
    private int _calls;

    private ReportBrowser()
    {
        _process = Process.Start(new ProcessStartInfo(Chromium,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--proxy-server=127.0.0.1:9", "--remote-debugging-port=0", $"--user-data-dir={_profile.FullName}", "about:blank",
        ]) { RedirectStandardError = true, RedirectStandardOutput = true }) ?? throw new InvalidOperationException("chromium does not start.");
    }

    public static void SkipWithout() => Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed; apt-get install chromium.");

    public static async Task<ReportBrowser> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var browser = new ReportBrowser();
        string? address = null;
        while (address is null)
            address = Address().Match(await browser._process.StandardError.ReadLineAsync(cancellationToken) ?? throw new InvalidOperationException("chromium ended.")) is { Success: true } match ? match.Value : null;
        await browser._socket.ConnectAsync(new Uri(address), cancellationToken);
        var target = await browser.CallAsync("Target.createTarget", new() { ["url"] = new Uri(file).AbsoluteUri }, cancellationToken);
        browser._session = (await browser.CallAsync("Target.attachToTarget", new() { ["targetId"] = target["targetId"]!.DeepClone(), ["flatten"] = true }, cancellationToken))["sessionId"]!.ToString();
        return browser;
    }

    /// <summary>The value of a script, as text.</summary>
    public async Task<string> EvaluateAsync(string script, CancellationToken cancellationToken)
    {
        var answer = await CallAsync("Runtime.evaluate", new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true }, cancellationToken);
        Assert.Null(answer["exceptionDetails"]);
        return answer["result"]?["value"]?.ToString() ?? "";
    }

    /// <summary>Waits until a condition holds; fails after 30 seconds with the page's text.</summary>
    public async Task UntilAsync(string condition, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (await EvaluateAsync($"String(document.readyState === 'complete' && ({condition}))", cancellationToken) != "true")
        {
            if (watch.Elapsed > TimeSpan.FromSeconds(30))
                Assert.Fail($"Never true: {condition}\n{await EvaluateAsync("document.body.innerText", cancellationToken)}");
            await Task.Delay(50, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of the browser still writes; the folder lies under /tmp.
        }
    }

    private async Task<JsonObject> CallAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        int id = ++_calls;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (_session is not null)
            message["sessionId"] = _session;
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, cancellationToken);
        while (true)
        {
            var answer = JsonNode.Parse(await ReceiveAsync(cancellationToken))!.AsObject();
            if ((int?)answer["id"] == id)
                return answer["result"] as JsonObject ?? throw new InvalidOperationException($"{method}: {answer["error"]?.ToJsonString()}");
        }
    }

    private async Task<string> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[65536];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer, cancellationToken);
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return Encoding.UTF8.GetString(text.ToArray());
        }
    }

    [GeneratedRegex(@"ws://\S+")]
    private static partial Regex Address();
}
