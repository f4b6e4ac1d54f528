using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Tests.Kernel;

/// <summary>One kernel process for all tests that only run cells: compiling C# for the first time takes seconds.</summary>
public sealed class KernelFixture : IAsyncLifetime
{
    private KernelClient? _client;

    internal KernelClient Client => _client ?? throw new InvalidOperationException("The kernel has not started.");

    public async ValueTask InitializeAsync() =>
        _client = await KernelClient.StartAsync(new(TestFiles.KernelCommand, Path.GetTempPath(), new Dictionary<string, string>()));

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    internal async Task<CellRun> RunAsync(string code, Action? whenStarted = null)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var messages = new List<JupyterMessage>();
        var reply = await Client.ExecuteAsync(code, message =>
        {
            messages.Add(message);
            if (message.Type == "stream") // once: a text may come in two pieces, and a second interrupt would hit the next cell
                Interlocked.Exchange(ref whenStarted, null)?.Invoke();
        }, limit.Token);
        return new(reply, messages);
    }
}

/// <summary>What a cell answered.</summary>
internal sealed record CellRun(CellReply Reply, IReadOnlyList<JupyterMessage> Messages)
{
    public string Result => Data("execute_result", "text/plain");

    public string Stdout => Stream("stdout");

    public string Traceback => string.Join('\n', Reply.Traceback);

    public string Data(string type, string mimeType) => Messages.LastOrDefault(message => message.Type == type)?.Content["data"]?[mimeType]?.ToString() ?? "";

    public string Stream(string name) => string.Concat(Messages.Where(message => message.Type == "stream" && message.Text("name") == name).Select(message => message.Text("text")));
}

[CollectionDefinition("kernel")]
public sealed class KernelCollection : ICollectionFixture<KernelFixture>;
