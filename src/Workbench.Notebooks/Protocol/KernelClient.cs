using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Workbench.Notebooks.Protocol;

/// <summary>A Jupyter client that runs cells, one after another, on a kernel process of its own.</summary>
internal sealed class KernelClient : IAsyncDisposable
{
    private static readonly TimeSpan HandshakeInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShutdownLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(200);

    private readonly KernelChild _child;
    private readonly MessageCodec _codec;
    private readonly MessageSockets _sockets;
    private readonly Channel<(JupyterChannel Channel, JupyterMessage Message)> _incoming = Channel.CreateUnbounded<(JupyterChannel, JupyterMessage)>();

    private KernelClient(KernelChild child)
    {
        _child = child;
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
    /// <exception cref="KernelEndedException">It does not start or does not answer within a minute.</exception>
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

    /// <summary>Runs a cell and hands every output message to <paramref name="onOutput"/>.</summary>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public async Task<CellReply> ExecuteAsync(string code, Action<JupyterMessage> onOutput, CancellationToken cancellationToken = default) =>
        ToReply(await ExecuteAsync(code, silent: false, onInput: null, onOutput, cancellationToken));

    /// <summary>Runs a cell and returns the kernel's reply as it came.</summary>
    /// <param name="code">The source.</param>
    /// <param name="silent">Whether it neither counts nor shows anything.</param>
    /// <param name="onInput">Answers the cell's questions, or null to leave one without answer; null when nobody can.</param>
    /// <param name="onOutput">Takes every output message.</param>
    /// <param name="cancellationToken">Ends the waiting, not the cell.</param>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public Task<JupyterMessage> ExecuteAsync(
        string code, bool silent, Func<JupyterMessage, string?>? onInput, Action<JupyterMessage> onOutput, CancellationToken cancellationToken = default) => RequestAsync("execute_request", new()
        {
            ["code"] = code,
            ["silent"] = silent,
            ["store_history"] = !silent,
            ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = onInput is not null,
            ["stop_on_error"] = !silent,
        }, onInput, onOutput, cancellationToken);

    /// <summary>Sends a request such as <c>complete_request</c> and returns its reply.</summary>
    /// <exception cref="KernelEndedException">The kernel died.</exception>
    public Task<JupyterMessage> RequestAsync(string type, JsonObject content, CancellationToken cancellationToken = default) => RequestAsync(type, content, null, _ => { }, cancellationToken);

    private async Task<JupyterMessage> RequestAsync(
        string type, JsonObject content, Func<JupyterMessage, string?>? onInput, Action<JupyterMessage> onOutput, CancellationToken cancellationToken)
    {
        var request = Send(JupyterChannel.Shell, type, content);
        JupyterMessage? reply = null;
        bool idle = false;
        while (reply is null || !idle)
        {
            var (channel, message) = await ReadAsync(cancellationToken);
            if (message.ParentId != request.Id)
                continue;
            if (channel == JupyterChannel.Shell)
                reply = message;
            else if (channel == JupyterChannel.IOPub && message.Type != "status")
                onOutput(message);
            else if (channel == JupyterChannel.Stdin && message.Type == "input_request")
                Answer(message, onInput);
            else
                idle |= channel == JupyterChannel.IOPub && message.Text("execution_state") == "idle";
        }
        return reply;
    }

    private void Answer(JupyterMessage question, Func<JupyterMessage, string?>? onInput)
    {
        if (onInput?.Invoke(question) is { } answer)
            _sockets.Send(JupyterChannel.Stdin, _codec.Create("input_reply", new() { ["value"] = answer }, question));
    }

    /// <summary>Whether the kernel's process has ended.</summary>
    public bool HasEnded => _child.Exited.IsCompleted;

    /// <summary>Interrupts the cell that runs, by a message, or the way a terminal does.</summary>
    public void Interrupt(bool bySignal)
    {
        if (!bySignal || !_child.TrySignalInterrupt())
            Interrupt();
    }

    /// <summary>Asks the kernel to interrupt the cell that runs (message mode).</summary>
    public void Interrupt() => Send(JupyterChannel.Control, "interrupt_request", []);

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
        var client = new KernelClient(KernelChild.Start(launch));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(StartLimit);
            await client.ShakeHandsAsync(limit.Token);
            return client;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            client.Kill();
            await client.DisposeAsync();
            throw new KernelEndedException($"The kernel '{string.Join(' ', launch.Command)}' did not answer within {StartLimit.TotalSeconds:F0} s: {client._child.DescribeEnd()}");
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
            throw new KernelEndedException($"The kernel's process ended: {_child.DescribeEnd()}");
        }
    }

    private async Task CloseWhenEndedAsync()
    {
        await _child.Exited;
        await Task.Delay(DrainTime); // what it sent last is still on its way
        _incoming.Writer.TryComplete();
    }
}
