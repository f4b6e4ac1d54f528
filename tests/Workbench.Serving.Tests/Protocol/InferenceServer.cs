using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Workbench.Serving.Protocol;
using Workbench.Serving.Sessions;

namespace Workbench.Serving.Tests.Protocol;

/// <summary>A real Kestrel on a free port of 127.0.0.1, a real client, and a sink that remembers.</summary>
internal sealed class InferenceServer : IAsyncDisposable, IPredictionSink
{
    private readonly WebApplication _application;

    private InferenceServer(OpenInferenceOptions? options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.MapOpenInference(Models, this, options);
    }

    public ServedModels Models { get; } = new();
    public ConcurrentQueue<ServedPrediction> Logged { get; } = new();
    public Exception? SinkFailure { get; set; }
    public HttpClient Client { get; } = new();

    public static async Task<InferenceServer> StartAsync(OpenInferenceOptions? options = null)
    {
        var server = new InferenceServer(options);
        server.Models.Activate("churn", 1, ChurnModels.FirstFile, "test");
        await server._application.StartAsync(TestContext.Current.CancellationToken);
        server.Client.BaseAddress = new(server._application.Urls.Single());
        return server;
    }

    /// <summary>Posts a body and gives status and JSON answer.</summary>
    public async Task<(int Status, JsonElement Json)> InferAsync(string body, string path = "/v2/models/churn/infer")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    public async Task<(int Status, JsonElement Json)> GetAsync(string path)
    {
        using var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    public ValueTask LogAsync(ServedPrediction prediction, CancellationToken cancellationToken = default)
    {
        if (SinkFailure is { } failure)
            throw failure;
        Logged.Enqueue(prediction);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        Models.Dispose();
    }
}
