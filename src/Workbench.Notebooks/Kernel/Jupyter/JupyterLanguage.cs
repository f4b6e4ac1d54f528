using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Kernel.Languages;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Kernel.Jupyter;

/// <summary>
/// Cells that run on another Jupyter kernel, in a process of its own: <c>#!python</c>, and what a notebook connects.
/// The process starts with the first cell and ends with this kernel.
/// </summary>
/// <param name="name">Name of the language in magics.</param>
/// <param name="kernelName">Installed kernel that runs it, such as <c>python3</c>.</param>
/// <param name="ask">Asks the person at the front end: a prompt, and whether the answer is a secret.</param>
internal sealed class JupyterLanguage(string name, string kernelName, Func<string, bool, string> ask) : ICellLanguage, IVariableStore, ICodeAssistant
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(5);

    private KernelClient? _client;
    private Task? _pending;
    private bool _lost;

    public string Name => name;

    public IReadOnlyList<string> Options => [];

    public object? Run(CellSegment segment, CellRun cell)
    {
        var client = Client(cell.CancellationToken);
        MimeBundle? result = null;
        bool canAsk = cell.Output.Parent?.Flag("allow_stdin", otherwise: false) ?? false;
        using var interrupt = cell.CancellationToken.Register(() => client.Interrupt());
        var reply = Wait(client.ExecuteAsync(segment.Source, silent: false, canAsk ? Ask : null, message => result = Forward(message, cell.Output) ?? result));
        Check(reply);
        foreach (var page in (reply.Content["payload"] as JsonArray ?? []).Where(payload => payload?["source"]?.ToString() == "page"))
            cell.Output.Display(new(page!["data"]?.DeepClone() as JsonObject ?? []), null, update: false); // the answer to x?
        return result;
    }

    public IReadOnlyList<CellVariable> List() => _client is null ? [] : Shared("names", null, file =>
        JsonNode.Parse(File.ReadAllText(file))!.AsArray().Select(variable => new CellVariable(variable!["name"]!.ToString(), variable["type"]!.ToString(), variable["text"]!.ToString())).ToList());

    public bool TryGet(string name, out object? value)
    {
        value = null;
        if (_client is null)
            return false;
        try
        {
            value = Shared("save", name, file => PythonValues.Decode(JsonNode.Parse(File.ReadAllText(file))));
            return true;
        }
        catch (CellFailedException failure) when (failure.Name == "NameError")
        {
            return false;
        }
    }

    public void Set(string name, object? value)
    {
        var json = PythonValues.Encode(value)?.ToJsonString() ?? "null";
        Shared("load", name, _ => true, file => File.WriteAllText(file, json));
    }

    public async Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        var reply = await Client(cancellationToken).RequestAsync("complete_request", new() { ["code"] = code, ["cursor_pos"] = CodePoints.FromUtf16(code, position) }, cancellationToken);
        var kinds = (reply.Metadata["_jupyter_types_experimental"] ?? reply.Content["metadata"]?["_jupyter_types_experimental"]) as JsonArray ?? [];
        var kindOf = kinds.Where(kind => kind?["text"] is not null).GroupBy(kind => kind!["text"]!.ToString()).ToDictionary(group => group.Key, group => group.First()!["type"]?.ToString() ?? "");
        var matches = (reply.Content["matches"] as JsonArray ?? []).Select(match => match?.ToString() ?? "");
        return new(CodePoints.ToUtf16(code, reply.Number("cursor_start", 0)), CodePoints.ToUtf16(code, reply.Number("cursor_end", 0)), [.. matches.Select(match => (match, kindOf.GetValueOrDefault(match, "")))]);
    }

    public async Task<JsonObject?> InspectAsync(string code, int position, CancellationToken cancellationToken)
    {
        var content = new JsonObject { ["code"] = code, ["cursor_pos"] = CodePoints.FromUtf16(code, position), ["detail_level"] = 0 };
        var reply = await Client(cancellationToken).RequestAsync("inspect_request", content, cancellationToken);
        return reply.Flag("found", otherwise: false) ? reply.Content["data"]?.DeepClone() as JsonObject : null;
    }

    public string Completeness(string code) => Wait(Client(CancellationToken.None).RequestAsync("is_complete_request", new() { ["code"] = code })).Text("status") ?? "unknown";

    public void Dispose() => Stop();

    // The process, started when there is none; one that died is replaced, and the person told so.
    private KernelClient Client(CancellationToken cancellationToken)
    {
        Settle();
        if (_client is { HasEnded: false } running)
            return running;
        bool again = _client is not null || _lost;
        Stop();
        _lost = again; // until it runs
        var spec = Find();
        try
        {
            var started = KernelClient.StartAsync(new(spec.Command, Directory.GetCurrentDirectory(), spec.Environment) { InterruptsBySignal = spec.InterruptsBySignal }, cancellationToken);
            _client = started.GetAwaiter().GetResult();
            if (IsPython)
                Check(Wait(_client.ExecuteAsync(PythonShare.Source, silent: true, null, _ => { }, cancellationToken)));
        }
        catch (KernelEndedException failure)
        {
            throw new DataException($"#!{name}: {failure.Message}\n{Advice}", failure);
        }
        if (again)
            Console.Error.WriteLine($"The process of {name} was started anew: its variables are gone.");
        _lost = false;
        return _client;
    }

    private bool IsPython => _client?.Language == "python";

    private string Advice => kernelName == "python3" ? "Install Python's kernel with 'apt install python3-ipykernel' or 'pip install ipykernel'; 'jupyter kernelspec list' shows what is installed." : "'jupyter kernelspec list' shows what is installed.";

    private KernelSpec Find()
    {
        try
        {
            return KernelSpec.Find(kernelName);
        }
        catch (DataException failure)
        {
            throw new DataException($"#!{name} needs the Jupyter kernel '{kernelName}'. {failure.Message} {Advice}", failure);
        }
    }

    // An interrupted cell may still be on its way out. A process that does not react is ended.
    private void Settle()
    {
        if (_pending is { IsCompleted: false } pending && Task.WhenAny(pending, Task.Delay(SettleLimit)).GetAwaiter().GetResult() != pending)
            Stop();
        _pending = null;
    }

    private T Wait<T>(Task<T> task)
    {
        _pending = task;
        while (true)
        {
            try
            {
                return task.GetAwaiter().GetResult();
            }
            catch (ThreadInterruptedException)
            {
                // The interrupt was forwarded; its answer is worth waiting for, until the kernel aborts this thread.
            }
            catch (KernelEndedException failure)
            {
                Stop();
                throw new DataException($"The process of {name} ended: {failure.Message} The next #!{name} cell starts a new one, without the variables.", failure);
            }
        }
    }

    private void Stop()
    {
        _lost |= _client is not null;
        _client?.Kill();
        _client?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _client = null;
    }

    private string? Ask(JupyterMessage request)
    {
        try
        {
            return ask(request.Text("prompt") ?? "", request.Flag("password", otherwise: false));
        }
        catch (OperationCanceledException)
        {
            return null; // interrupted; the process is told so itself
        }
    }

    private static MimeBundle? Forward(JupyterMessage message, CellOutput output)
    {
        switch (message.Type)
        {
            case "execute_result":
                return new(message.Content["data"]?.DeepClone() as JsonObject ?? []);
            case "stream" or "display_data" or "update_display_data" or "clear_output":
                output.Publish(message.Type, (JsonObject)message.Content.DeepClone());
                return null;
            default:
                return null; // the error is in the reply
        }
    }

    // Hands a variable over in a file, which knows no limit of size.
    private T Shared<T>(string function, string? variable, Func<string, T> read, Action<string>? write = null)
    {
        var client = Client(CancellationToken.None);
        if (!IsPython)
            throw new ArgumentException($"Variables can be shared with Python only, and the language of {name} is {client.Language}. Write a file on one side and read it on the other.");
        var file = Path.GetTempFileName();
        try
        {
            write?.Invoke(file);
            var names = variable is null ? "" : Text(variable) + ", ";
            Check(Wait(client.ExecuteAsync($"{PythonShare.Name}.{function}({names}{Text(file)}, globals())", silent: true, null, _ => { })));
            return read(file);
        }
        catch (CellFailedException failure) when (failure.Name is "TypeError" or "ValueError")
        {
            throw new ArgumentException($"{variable}: {failure.Message}.", failure);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void Check(JupyterMessage reply)
    {
        if (reply.Text("status") != "ok")
            throw new CellFailedException(reply.Text("ename") ?? "Aborted", reply.Text("evalue") ?? "The request was not run.", (reply.Content["traceback"] as JsonArray ?? []).Select(line => line?.ToString() ?? "").ToList());
    }

    private static string Text(string text) => JsonValue.Create(text).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }); // JSON texts are Python literals
}
