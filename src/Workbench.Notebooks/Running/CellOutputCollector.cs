using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Protocol;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Turns output messages into the outputs of cells, as nbformat keeps them. One a run, since a display may be updated by a
/// later cell. Not thread-safe; call <see cref="Flush"/> before the document is read.
/// </summary>
internal sealed class CellOutputCollector(int longestText = CellOutputCollector.DefaultLongestText)
{
    /// <summary>
    /// Characters of one text output that a notebook keeps. A notebook of hundreds of megabytes opens nowhere, and a program's
    /// endless output must not fill the runner's memory.
    /// </summary>
    public const int DefaultLongestText = 16 * 1024 * 1024;

    private readonly Dictionary<string, List<JsonObject>> _displays = new(StringComparer.Ordinal);
    private readonly Dictionary<NotebookCell, OpenStream> _streams = [];
    private readonly HashSet<NotebookCell> _clearBeforeNext = [];

    public void Collect(NotebookCell cell, JupyterMessage message)
    {
        switch (message.Type)
        {
            case "clear_output" when message.Flag("wait", otherwise: false):
                _clearBeforeNext.Add(cell);
                break;
            case "clear_output":
                Clear(cell);
                break;
            case "update_display_data":
                Update(message);
                break;
            case "stream":
                PrepareFor(cell);
                AppendStream(cell, message.Text("name") == "stderr" ? "stderr" : "stdout", message.Text("text") ?? "");
                break;
            case "display_data":
                PrepareFor(cell);
                Append(cell, message, ["data", "metadata"]);
                break;
            case "execute_result":
                PrepareFor(cell);
                Append(cell, message, ["data", "execution_count", "metadata"]);
                break;
            case "error":
                PrepareFor(cell);
                Append(cell, message, ["ename", "evalue", "traceback"]);
                break;
        }
    }

    /// <summary>Writes texts that are still being gathered into their outputs.</summary>
    public void Flush()
    {
        foreach (var stream in _streams.Values)
            stream.Write();
    }

    /// <summary>Adds an error that no kernel reported, such as a time limit.</summary>
    public void AddError(NotebookCell cell, string name, string message)
    {
        Close(cell);
        cell.Outputs.Add((JsonNode)new JsonObject
        {
            ["ename"] = name, ["evalue"] = message, ["output_type"] = "error", ["traceback"] = new JsonArray(message.Split('\n').Select(line => (JsonNode?)line).ToArray()),
        });
    }

    private void Clear(NotebookCell cell)
    {
        _clearBeforeNext.Remove(cell);
        _streams.Remove(cell);
        cell.Outputs.Clear();
    }

    private void PrepareFor(NotebookCell cell)
    {
        if (_clearBeforeNext.Contains(cell))
            Clear(cell);
    }

    // Only what nbformat's schema knows of: a kernel may send more, such as "transient".
    private void Append(NotebookCell cell, JupyterMessage message, IReadOnlyList<string> fields)
    {
        Close(cell);
        var output = new JsonObject { ["output_type"] = message.Type };
        foreach (var field in fields)
            output[field] = message.Content[field]?.DeepClone() ?? (field is "data" or "metadata" ? new JsonObject() : null);
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
            output["data"] = message.Content["data"]?.DeepClone() ?? new JsonObject();
            output["metadata"] = message.Content["metadata"]?.DeepClone() ?? new JsonObject();
        }
    }

    private static string? DisplayId(JupyterMessage message) => (message.Content["transient"] as JsonObject)?["display_id"]?.ToString();

    private void AppendStream(NotebookCell cell, string name, string text)
    {
        if (!_streams.TryGetValue(cell, out var stream) || stream.Name != name)
        {
            Close(cell);
            var output = new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = "" };
            cell.Outputs.Add((JsonNode)output);
            _streams[cell] = stream = new(name, output, longestText);
        }
        stream.Append(text);
    }

    private void Close(NotebookCell cell)
    {
        if (_streams.Remove(cell, out var stream))
            stream.Write();
    }

    /// <summary>Keeps the beginning and the end of a text: what came first tells the setting, what came last the failure.</summary>
    private sealed class OpenStream(string name, JsonObject output, int longest)
    {
        private readonly StringBuilder _head = new();
        private readonly StringBuilder _tail = new();
        private long _leftOut;
        private bool _isWritten = true;

        public string Name => name;

        public void Append(string text)
        {
            int room = Math.Clamp(longest / 2 - _head.Length, 0, text.Length);
            _head.Append(text, 0, room);
            _tail.Append(text, room, text.Length - room);
            if (_tail.Length > longest)
                Shorten();
            _isWritten = false;
        }

        private void Shorten()
        {
            _leftOut += _tail.Length - longest / 2;
            _tail.Remove(0, _tail.Length - longest / 2);
        }

        public void Write()
        {
            if (_isWritten)
                return;
            if (_tail.Length > longest / 2)
                Shorten();
            output["text"] = _leftOut == 0 ? $"{_head}{_tail}" : string.Create(CultureInfo.InvariantCulture,
                $"{_head}\n[{_leftOut} characters are left out here: a notebook keeps {longest} of one output. Write long output to a file.]\n{_tail}");
            _isWritten = true;
        }
    }
}
