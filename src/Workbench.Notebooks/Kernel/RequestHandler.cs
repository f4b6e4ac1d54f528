using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel;

/// <summary>Answers the requests that wait for the execution thread.</summary>
internal sealed class RequestHandler(
    CellEngine engine,
    CellOutput output,
    InterruptibleExecution execution,
    Action<string, JsonObject, JupyterMessage?, JsonObject?> publish,
    Action<JupyterChannel, string, JsonObject, JupyterMessage> reply,
    Action abortQueuedCells)
{
    private readonly CodeAssistance _assistance = new(engine);
    private readonly ExecutionHistory _history = new();
    private int _executionCount;

    public void Handle(JupyterChannel channel, JupyterMessage request)
    {
        if (!request.Type.EndsWith("_request", StringComparison.Ordinal))
        {
            if (request.Type == "comm_open") // no comm targets here: the protocol's answer is to close it
                publish("comm_close", new() { ["comm_id"] = request.Text("comm_id"), ["data"] = new JsonObject() }, request, null);
            return;
        }
        var replyType = request.Type[..^"request".Length] + "reply";
        try
        {
            reply(channel, replyType, Answer(request), request);
        }
        catch (Exception failure) // the edge of a request
        {
            reply(channel, replyType, Failed(CellError.From(failure)), request);
        }
        if (_abort)
            abortQueuedCells();
        _abort = false;
    }

    private bool _abort;

    /// <summary>Prepares completion and the cells to come in the background.</summary>
    public void WarmUpAssistance(Func<bool> isQueued) => _assistance.WarmUp(() => isQueued() || execution.IsRunning);

    private JsonObject Answer(JupyterMessage request) => request.Type switch
    {
        "execute_request" => Execute(request),
        "is_complete_request" => _assistance.IsComplete(request.Text("code") ?? ""),
        "complete_request" => _assistance.CompleteAsync(request, CancellationToken.None).GetAwaiter().GetResult(),
        "inspect_request" => _assistance.InspectAsync(request, CancellationToken.None).GetAwaiter().GetResult(),
        "history_request" => new() { ["status"] = "ok", ["history"] = _history.Answer(request) },
        "comm_info_request" => new() { ["status"] = "ok", ["comms"] = new JsonObject() },
        _ => throw new NotSupportedException($"This kernel does not answer '{request.Type}'."),
    };

    private JsonObject Execute(JupyterMessage request)
    {
        var code = request.Text("code") ?? "";
        bool silent = request.Flag("silent", otherwise: false);
        if (!silent && request.Flag("store_history", otherwise: true))
            _history.Add(++_executionCount, code);
        output.Begin(request);
        if (!silent)
            output.Publish("execute_input", new() { ["code"] = code, ["execution_count"] = _executionCount });
        MimeBundle? result = null;
        JsonObject expressions = [];
        var (failure, interrupted) = execution.Run(token =>
        {
            var cell = new CellRun($"Cell[{_executionCount}]", output, token);
            try
            {
                var value = engine.Run(code, cell);
                result = value is null or DisplayHandle || silent ? null : OutputFormatter.Format(value);
                expressions = Evaluate(request.Content["user_expressions"] as JsonObject, token);
            }
            finally
            {
                cell.End();
            }
        });
        if (interrupted && !KernelSession.Current.WaitForHeld())
            output.Report("A job of this cell does not end: a process of it waits for a device.\n");
        if (failure is not null)
            return Failed(request, interrupted ? CellError.Interrupted : CellError.From(failure), silent);
        if (result is not null)
            output.Publish("execute_result", new() { ["execution_count"] = _executionCount, ["data"] = result.Data, ["metadata"] = new JsonObject() });
        output.Flush();
        return new() { ["status"] = "ok", ["execution_count"] = _executionCount, ["user_expressions"] = expressions, ["payload"] = new JsonArray() };
    }

    private JsonObject Failed(JupyterMessage request, CellError error, bool silent)
    {
        if (!silent)
            output.Publish("error", Content(error));
        output.Flush();
        _abort = request.Flag("stop_on_error", otherwise: true);
        return Failed(error);
    }

    private JsonObject Failed(CellError error)
    {
        var content = Content(error);
        content["status"] = "error";
        content["execution_count"] = _executionCount;
        content["user_expressions"] = new JsonObject();
        content["payload"] = new JsonArray();
        return content;
    }

    private static JsonObject Content(CellError error) => new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["traceback"] = new JsonArray(error.Traceback.Select(line => (JsonNode?)line).ToArray()),
    };

    private JsonObject Evaluate(JsonObject? expressions, CancellationToken cancellationToken)
    {
        var answers = new JsonObject();
        foreach (var (name, expression) in expressions ?? [])
        {
            try
            {
                var value = engine.CSharp.Evaluate(expression?.ToString() ?? "", $"Expression[{name}]", cancellationToken);
                answers[name] = new JsonObject { ["status"] = "ok", ["data"] = OutputFormatter.Format(value).Data, ["metadata"] = new JsonObject() };
            }
            catch (Exception failure) when (failure is not OperationCanceledException) // an expression's failure is its answer
            {
                var content = Content(CellError.From(failure));
                content["status"] = "error";
                answers[name] = content;
            }
        }
        return answers;
    }
}
