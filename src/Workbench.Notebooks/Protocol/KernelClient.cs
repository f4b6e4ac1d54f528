using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Workbench.Notebooks.Protocol;

/// <summary>A Jupyter client that runs cells, one after another, on a kernel process of its own.</summary>
internal sealed class KernelClient : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(200);

    private readonly KernelChild _child;
    private readonly bool _interruptsBySignal;
    private readonly MessageCodec _codec;
    private readonly MessageSockets _sockets;
    private readonly Dictionary<string, Action<JupyterMessage>> _outputs = new(StringComparer.Ordinal);
    private readonly Channel<(JupyterChannel Channel, JupyterMessage Message)> _incoming = Channel.CreateUnbounded<(JupyterChannel, JupyterMessage)>();

    private KernelClient(KernelChild child, KernelLaunch launch)
    {
        _child = child;
        _interruptsBySignal = launch.InterruptsBySignal;
        _codec = new(child.Connection.Key, "workbench", TimeProvider.System);
        _sockets = new(MessageSockets.Connect(child.Connection), _codec, (channel, message) => _incoming.Writer.TryWrite((channel, message)), _ => { });
        _sockets.Start("workbench-client");
        _ = CloseWhenEndedAsync();
    }

    /// <summary>Language of the kernel, from its kernel_info reply, in lower case.</summary>
    public string Language { get; private set; } = "";

    /// <summary>Its <c>language_info</c>.</summary>
    public JsonObject LanguageInfo { get; private set; } = [];

    /// <summary>Starts the kernel and waits until it answers on all channels.</summary>
    /// <exception cref="KernelEndedException">It does not start, or does not answer within the launch's <see cref="KernelLaunch.StartTimeout"/>.</exception>
    public static async Task<KernelClient> StartAsync(KernelLaunch launch, CancellationToken cancellationToken = default)
    {
        try
        {
            return await StartOnceAsync(launch, cancellationToken);
        }
        catch (KernelEndedException failure) when (failure.Message.Contains("already in use", StringComparison.OrdinalIgnoreCase) || failure.Message.Contains("AddressAlreadyInUse", StringComparison.Ordinal))
        {
            return await StartOnceAsync(launch, cancellationToken); // another program took a port between our look and the kernel's bind
        }
    }

    /// <summary>
    /// Runs a cell and hands every output message to <paramref name="onOutput"/>, also those that its background work
    /// sends while later cells run.
    /// </summary>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public Task<CellReply> ExecuteAsync(string code, Action<JupyterMessage> onOutput, CancellationToken cancellationToken = default) =>
        ExecuteAsync(code, onOutput, stopOnError: true, cancellationToken);

    /// <inheritdoc cref="ExecuteAsync(string, Action{JupyterMessage}, CancellationToken)"/>
    public async Task<CellReply> ExecuteAsync(string code, Action<JupyterMessage> onOutput, bool stopOnError, CancellationToken cancellationToken = default) =>
        ToReply(await RequestAsync("execute_request", Execution(code, silent: false, allowInput: false, stopOnError), null, onOutput, cancellationToken));

    /// <summary>Runs a cell and returns the kernel's reply as it came. An error aborts no later request: whoever passes cells on does that.</summary>
    /// <param name="code">The source.</param>
    /// <param name="silent">Whether it neither counts nor shows anything.</param>
    /// <param name="onInput">Answers the cell's questions, or null to leave one without answer; null when nobody can.</param>
    /// <param name="onOutput">Takes every output message.</param>
    /// <param name="cancellationToken">Ends the waiting, not the cell.</param>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public Task<JupyterMessage> ExecuteAsync(
        string code, bool silent, Func<JupyterMessage, string?>? onInput, Action<JupyterMessage> onOutput, CancellationToken cancellationToken = default) =>
        RequestAsync("execute_request", Execution(code, silent, onInput is not null, stopOnError: false), onInput, onOutput, cancellationToken);

    /// <summary>Sends a request such as <c>complete_request</c> and returns its reply.</summary>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public Task<JupyterMessage> RequestAsync(string type, JsonObject content, CancellationToken cancellationToken = default) => RequestAsync(type, content, null, null, cancellationToken);

    /// <summary>Whether the kernel's process has ended.</summary>
    public bool HasEnded => _child.Exited.IsCompleted;

    /// <summary>Asks the kernel to interrupt the cell that runs.</summary>
    public void Interrupt()
    {
        if (_interruptsBySignal)
            _child.Interrupt();
        else
            Send(JupyterChannel.Control, "interrupt_request", []);
    }

    /// <summary>Ends the kernel at once.</summary>
    public void Kill() => _child.Kill();

    /// <summary>Asks the kernel to shut down, and ends it when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_child.Exited.IsCompleted)
        {
            Send(JupyterChannel.Control, "shutdown_request", new() { ["restart"] = false });
            await Task.WhenAny(_child.Exited, Task.Delay(ShutdownLimit));
        }
        _child.Kill();
        await Task.WhenAny(_child.Exited, Task.Delay(ShutdownLimit));
        _sockets.Dispose();
        _child.Dispose();
    }

    private static async Task<KernelClient> StartOnceAsync(KernelLaunch launch, CancellationToken cancellationToken)
    {
        var client = new KernelClient(KernelChild.Start(launch), launch);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(launch.StartTimeout);
            await client.ShakeHandsAsync(limit.Token);
            return client;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var state = client._child.DescribeEnd();
            client.Kill();
            await client.DisposeAsync();
            throw new KernelEndedException($"The kernel '{string.Join(' ', launch.Command)}' did not answer within {launch.StartTimeout.TotalSeconds:0.#} s: {state}");
        }
        catch
        {
            client.Kill();
            await client.DisposeAsync();
            throw;
        }
    }

    private static CellReply ToReply(JupyterMessage message) => new(
        message.Text("status") ?? "error",
        message.Content["execution_count"] is null ? null : message.Number("execution_count", 0),
        message.Text("ename") ?? "",
        message.Text("evalue") ?? "",
        (message.Content["traceback"] as JsonArray ?? []).Select(line => line?.ToString() ?? "").ToList());

    private static JsonObject Execution(string code, bool silent, bool allowInput, bool stopOnError) => new()
    {
        ["code"] = code,
        ["silent"] = silent,
        ["store_history"] = !silent,
        ["user_expressions"] = new JsonObject(),
        ["allow_stdin"] = allowInput,
        ["stop_on_error"] = stopOnError,
    };

    private async Task<JupyterMessage> RequestAsync(
        string type, JsonObject content, Func<JupyterMessage, string?>? onInput, Action<JupyterMessage>? onOutput, CancellationToken cancellationToken)
    {
        var request = Send(JupyterChannel.Shell, type, content);
        if (onOutput is not null)
            _outputs[request.Id] = onOutput;
        JupyterMessage? reply = null;
        bool idle = false;
        while (reply is null || !idle)
        {
            var (channel, message) = await ReadAsync(cancellationToken);
            bool isOurs = message.ParentId == request.Id;
            if (channel == JupyterChannel.IOPub && message.Type != "status" && _outputs.TryGetValue(message.ParentId, out var take))
                take(message);
            else if (channel == JupyterChannel.IOPub)
                idle |= isOurs && message.Text("execution_state") == "idle";
            else if (channel == JupyterChannel.Shell && isOurs)
                reply = message;
            else if (channel == JupyterChannel.Stdin && isOurs && message.Type == "input_request" && onInput?.Invoke(message) is { } answer)
                _sockets.Send(JupyterChannel.Stdin, _codec.Create("input_reply", new() { ["value"] = answer }, message));
        }
        return reply;
    }

    // A subscription takes effect some time after connecting. Only an answer on both channels shows that no output will be lost.
    private async Task ShakeHandsAsync(CancellationToken cancellationToken)
    {
        bool heardShell = false, heardOutput = false;
        while (!heardShell || !heardOutput)
        {
            Send(JupyterChannel.Shell, "kernel_info_request", []);
            using var interval = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            interval.CancelAfter(HandshakeInterval);
            try
            {
                while (!heardShell || !heardOutput)
                {
                    var (channel, message) = await ReadAsync(interval.Token);
                    heardOutput |= channel == JupyterChannel.IOPub;
                    if (channel == JupyterChannel.Shell && message.Type == "kernel_info_reply")
                        heardShell = Learn(message);
                }
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Ask again.
            }
        }
    }

    private bool Learn(JupyterMessage kernelInfo)
    {
        LanguageInfo = (kernelInfo.Content["language_info"] as JsonObject)?.DeepClone().AsObject() ?? [];
        Language = LanguageInfo["name"]?.ToString().ToLowerInvariant() ?? "";
        return true;
    }

    private JupyterMessage Send(JupyterChannel channel, string type, JsonObject content)
    {
        var message = _codec.Create(type, content);
        _sockets.Send(channel, message);
        return message;
    }

    private async Task<(JupyterChannel Channel, JupyterMessage Message)> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _incoming.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new KernelEndedException(_child.OverLimit ?? $"The kernel's process ended: {_child.DescribeEnd()}") { OverLimit = _child.OverLimit is not null };
        }
    }

    private async Task CloseWhenEndedAsync()
    {
        await _child.Exited;
        await Task.Delay(DrainTime); // what it sent last is still on its way
        _incoming.Writer.TryComplete();
    }
}
