using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Workbench.Host.Demo;

/// <summary>The receiver of webhooks in the demo: a server of its own on the loopback address that keeps what it is sent.</summary>
internal sealed class WebhookSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _bodies = new();

    private WebhookSink(WebApplication app) => _app = app;

    /// <summary>Where to post to.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>Bodies in the order of their arrival.</summary>
    public IReadOnlyCollection<string> Bodies => _bodies;

    public static async Task<WebhookSink> StartAsync(CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new WebhookSink(builder.Build());
        sink._app.MapPost("/alerts", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            sink._bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        });
        await sink._app.StartAsync(cancellationToken);
        sink.Url = new Uri(new Uri(sink._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/alerts");
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
