using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>
/// The kernel's side of the Jupyter protocol. The network thread answers kernel_info, interrupt and shutdown at once,
/// even while a cell runs; everything else waits its turn on the execution thread.
/// </summary>
internal sealed class KernelServer : IDisposable
{
    private readonly MessageCodec _codec;
    private readonly MessageSockets _sockets;
    private readonly Heartbeat _heartbeat;
    private readonly BlockingCollection<(JupyterChannel Channel, JupyterMessage Message)> _requests = [];
    private readonly InterruptibleExecution _execution;
    private readonly InputRequests _input;
    private readonly CellOutput _output;
    private readonly KernelSession _session;
    private readonly CellEngine _engine;
    private readonly RequestHandler _handler;
    private readonly TaskCompletionSource _shutdownRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _ready;
    private int _queuedCells;

    public KernelServer(ConnectionInfo connection, IReadOnlyList<string>? workbench, TimeProvider clock)
    {
        var log = Console.Error;
        _output = new(Publish);
        _execution = new(_output.Report);
        _input = new((cell, content) => Send(JupyterChannel.Stdin, "input_request", content, cell));
        _session = new(_output, _execution, _input, workbench);
        _engine = new(_output, _session.Ask, clock);
        _ready = Task.Run(WarmUp); // takes as long as everything else here together, and there is a second core
        _codec = new(connection.Key, "kernel", clock);
        _sockets = new(MessageSockets.Listen(connection), _codec, Receive, log.WriteLine);
        _heartbeat = new(connection);
        _handler = new(_engine, _output, _execution, Publish, (channel, type, content, parent) => Send(channel, type, content, parent), AbortQueuedCells);
    }

    /// <summary>Ends when a front end has asked for a shutdown, even while a cell still runs.</summary>
    public Task ShutdownRequested => _shutdownRequested.Task;

    /// <summary>Serves until a shutdown request or <paramref name="cancellationToken"/>. Runs cells on the calling thread.</summary>
    /// <param name="warmUpAssistance">Whether to prepare completion and the compiler in the background; a headless run never asks for the one and has no time for the other.</param>
    /// <param name="cancellationToken">Ends the kernel.</param>
    public void Serve(bool warmUpAssistance, CancellationToken cancellationToken)
    {
        _session.Activate();
        _output.CaptureConsole();
        Console.SetIn(new InputRequests.ConsoleReader(() => _session.Ask("", isPassword: false)));
        using var stop = cancellationToken.Register(Stop);
        _sockets.Start("workbench-kernel");
        Publish("status", new() { ["execution_state"] = "starting" }, null, null);
        _ready.GetAwaiter().GetResult();
        if (warmUpAssistance)
            _handler.WarmUpAssistance(() => _requests.Count > 0);
        foreach (var (channel, message) in _requests.GetConsumingEnumerable(CancellationToken.None)) // Stop ends the sequence
            Handle(channel, message);
    }

    /// <summary>Takes an exception that ended a thread which a cell started: the cell learns of it, and the kernel lives.</summary>
    public bool Survive(Exception failure)
    {
        _output.Report($"An exception ended a thread: {failure}\n");
        return true;
    }

    public void Dispose()
    {
        _session.Deactivate();
        _output.Dispose();
        _sockets.Dispose();
        _heartbeat.Dispose();
        _engine.Dispose();
    }

    // Binds the references and compiles what every cell goes through, while the front end still connects.
    private void WarmUp() => OutputFormatter.Format(_engine.CSharp.Evaluate("1 + 1", "Warmup", CancellationToken.None));

    private void Handle(JupyterChannel channel, JupyterMessage message)
    {
        if (message.Type == "execute_request")
            Interlocked.Decrement(ref _queuedCells);
        if (_requests.IsAddingCompleted)
            return; // shutting down
        WhileBusy(message, () => _handler.Handle(channel, message));
    }

    private void Receive(JupyterChannel channel, JupyterMessage message)
    {
        switch (message.Type)
        {
            case "input_reply":
                _input.Receive(message);
                break;
            case "kernel_info_request":
                WhileBusy(message, () => Send(channel, "kernel_info_reply", KernelDescription.Reply(), message));
                break;
            case "interrupt_request":
                WhileBusy(message, () =>
                {
                    _execution.Interrupt(Volatile.Read(ref _queuedCells) > 0);
                    Send(channel, "interrupt_reply", new() { ["status"] = "ok" }, message);
                });
                break;
            case "shutdown_request":
                WhileBusy(message, () => Send(channel, "shutdown_reply", new() { ["status"] = "ok", ["restart"] = message.Flag("restart", otherwise: false) }, message));
                Stop();
                _shutdownRequested.TrySetResult();
                break;
            default:
                Enqueue(channel, message);
                break;
        }
    }

    private void Enqueue(JupyterChannel channel, JupyterMessage message)
    {
        if (_requests.IsAddingCompleted)
            return;
        if (message.Type == "execute_request")
            Interlocked.Increment(ref _queuedCells);
        _requests.Add((channel, message));
    }

    private void Stop()
    {
        _requests.CompleteAdding();
        _execution.Interrupt(workIsQueued: false);
    }

    // After an error the cells that were sent with it are not run.
    private void AbortQueuedCells()
    {
        var others = new List<(JupyterChannel Channel, JupyterMessage Message)>();
        while (_requests.TryTake(out var request))
        {
            if (request.Message.Type == "execute_request")
            {
                Interlocked.Decrement(ref _queuedCells);
                WhileBusy(request.Message, () => Send(request.Channel, "execute_reply", new() { ["status"] = "aborted", ["execution_count"] = 0 }, request.Message));
            }
            else
            {
                others.Add(request);
            }
        }
        foreach (var request in others)
            WhileBusy(request.Message, () => _handler.Handle(request.Channel, request.Message));
    }

    private void WhileBusy(JupyterMessage request, Action work)
    {
        Publish("status", new() { ["execution_state"] = "busy" }, request, null);
        work();
        Publish("status", new() { ["execution_state"] = "idle" }, request, null);
    }

    private void Publish(string type, JsonObject content, JupyterMessage? parent, JsonObject? metadata)
    {
        var topic = type == "stream" ? $"stream.{content["name"]}" : type;
        _sockets.Send(JupyterChannel.IOPub, _codec.Create(type, content, parent, [System.Text.Encoding.UTF8.GetBytes(topic)], metadata));
    }

    private void Send(JupyterChannel channel, string type, JsonObject content, JupyterMessage parent) =>
        _sockets.Send(channel, _codec.Create(type, content, parent, parent.Identities));
}
