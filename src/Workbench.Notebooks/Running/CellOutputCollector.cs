using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Running;

/// <summary>Turns output messages into the outputs of cells, as nbformat keeps them. One a run, since a display may be updated by a later cell.</summary>
internal sealed class CellOutputCollector
{
    private readonly Dictionary<string, List<JsonObject>> _displays = new(StringComparer.Ordinal);
    private bool _clearBeforeNext;

    public void Collect(NotebookCell cell, JupyterMessage message)
    {
        switch (message.Type)
        {
            case "clear_output":
                Clear(cell, message.Flag("wait", otherwise: false));
                break;
            case "update_display_data":
                Update(message);
                break;
            case "stream":
                PrepareFor(cell);
                AppendStream(cell, message);
                break;
            case "display_data" or "execute_result" or "error":
                PrepareFor(cell);
                Append(cell, message);
                break;
        }
    }

    private void Clear(NotebookCell cell, bool wait)
    {
        _clearBeforeNext = wait;
        if (!wait)
            cell.Outputs.Clear();
    }

    private void PrepareFor(NotebookCell cell)
    {
        if (_clearBeforeNext)
            cell.Outputs.Clear();
        _clearBeforeNext = false;
    }

    private void Append(NotebookCell cell, JupyterMessage message)
    {
        var output = new JsonObject { ["output_type"] = message.Type };
        foreach (var (name, value) in message.Content.Where(pair => pair.Key != "transient"))
            output[name] = value?.DeepClone();
        cell.Outputs.Add((JsonNode)output);
        if (DisplayId(message) is { } id)
            (_displays.TryGetValue(id, out var shown) ? shown : _displays[id] = []).Add(output);
    }

    private void Update(JupyterMessage message)
    {
        if (DisplayId(message) is not { } id || !_displays.TryGetValue(id, out var shown))
            return;
        foreach (var output in shown)
        {
            output["data"] = message.Content["data"]?.DeepClone();
            output["metadata"] = message.Content["metadata"]?.DeepClone();
        }
    }

    private static string? DisplayId(JupyterMessage message) => message.Content["transient"]?["display_id"]?.ToString();

    private static void AppendStream(NotebookCell cell, JupyterMessage message)
    {
        var name = message.Text("name") ?? "stdout";
        var text = message.Text("text") ?? "";
        if (cell.Outputs.LastOrDefault() is JsonObject last && last["output_type"]?.ToString() == "stream" && last["name"]?.ToString() == name)
            last["text"] = last["text"]?.ToString() + text;
        else
            cell.Outputs.Add((JsonNode)new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = text });
    }
}
