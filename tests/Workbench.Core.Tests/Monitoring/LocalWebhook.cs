using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>A real HTTP server on a free port of this machine that keeps what is posted.</summary>
internal sealed class LocalWebhook : IDisposable
{
    private readonly HttpListener _listener = new();

    public LocalWebhook()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/alerts/");
        probe.Stop();
        _listener.Prefixes.Add(Url.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }
    public int Status { get; set; } = 200;
    public ConcurrentQueue<string> Bodies { get; } = new();

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream);
            Bodies.Enqueue(await reader.ReadToEndAsync());
            context.Response.StatusCode = Status;
            await context.Response.OutputStream.WriteAsync("planted"u8.ToArray());
            context.Response.Close();
        }
    }
}
