using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Keeps papermill's record in a notebook's metadata: times, parameters and, for each cell, how it went; and its marks
/// of an error (papermill 2.6, <c>execute.py</c> and <c>engines.py</c>).
/// </summary>
internal sealed class PapermillRecord(NotebookDocument document, TimeProvider clock)
{
    private const string Style = "style=\"color:red; font-family:Helvetica Neue, Helvetica, Arial, sans-serif; font-size:2em;\"";

    private readonly DateTimeOffset _start = clock.GetUtcNow();
    private readonly Dictionary<NotebookCell, DateTimeOffset> _begun = [];

    public void Begin(string inputPath, string outputPath, IReadOnlyDictionary<string, JsonNode?> defaults, IReadOnlyDictionary<string, JsonNode?> parameters)
    {
        // A notebook that runs again without new values keeps the injected cell of its last run, and so its record.
        var given = parameters.Count == 0 && document.Cells.Any(cell => cell.HasTag(CellTags.InjectedParameters))
            ? (document.Metadata["papermill"] as JsonObject)?["parameters"]?.DeepClone() as JsonObject : null;
        document.Metadata["papermill"] = new JsonObject
        {
            ["default_parameters"] = Values(defaults),
            ["duration"] = null,
            ["end_time"] = null,
            ["environment_variables"] = new JsonObject(),
            ["exception"] = null,
            ["input_path"] = inputPath,
            ["output_path"] = outputPath,
            ["parameters"] = given ?? Values(parameters),
            ["start_time"] = Text(_start),
            ["version"] = $"workbench {typeof(PapermillRecord).Assembly.GetName().Version?.ToString(3)}",
        };
        foreach (var cell in document.Cells)
            cell.Metadata["papermill"] = new JsonObject { ["duration"] = null, ["end_time"] = null, ["exception"] = null, ["start_time"] = null, ["status"] = "pending" };
    }

    public void BeginCell(NotebookCell cell)
    {
        var record = Of(cell);
        _begun[cell] = clock.GetUtcNow();
        record["exception"] = false;
        record["start_time"] = Text(_begun[cell]);
        record["status"] = "running";
    }

    public void EndCell(NotebookCell cell, bool failed)
    {
        var record = Of(cell);
        var end = clock.GetUtcNow();
        record["duration"] = (end - _begun[cell]).TotalSeconds;
        record["end_time"] = Text(end);
        record["exception"] = failed;
        record["status"] = failed ? "failed" : "completed";
    }

    public void End(bool failed)
    {
        var record = (JsonObject)document.Metadata["papermill"]!; // Begin set it
        var end = clock.GetUtcNow();
        record["duration"] = (end - _start).TotalSeconds;
        record["end_time"] = Text(end);
        record["exception"] = failed ? true : null;
    }

    /// <summary>Says on top of the notebook that it failed, and again before the cell.</summary>
    public void MarkError(NotebookCell? cell, NotebookError error)
    {
        if (cell is not null)
            Mark(document.Cells.IndexOf(cell), "papermill-error-cell", $"<span id=\"papermill-error-cell\" {Style}>Execution using papermill encountered an exception here and stopped:</span>");
        var place = cell is null ? "the kernel" : $"<a href=\"#papermill-error-cell\">In [{cell.ExecutionCount?.ToString(CultureInfo.InvariantCulture) ?? " "}]</a>";
        var reason = error.Kind == NotebookErrorKind.Cell ? "" : $"\n\n{error.Name}:\n\n{Indented(error.Message)}";
        Mark(0, "papermill-error-top", $"<span {Style}>An Exception was encountered at '{place}'.</span>{reason}");
    }

    /// <summary>Removes the marks and outputs of an earlier run, for a notebook that is run again.</summary>
    public static void Clear(NotebookDocument document)
    {
        foreach (var marker in document.Cells.Where(cell => cell.HasTag(CellTags.ErrorMarker)).ToList())
            document.Cells.Remove(marker);
        foreach (var cell in document.Cells)
            cell.ClearOutputs();
    }

    private void Mark(int index, string id, string text) => document.Cells.Insert(index, NotebookCell.Markdown(document.FreeId(id), text, CellTags.ErrorMarker));

    // Four blanks make a code block of it: a kernel's last words are no markdown.
    private static string Indented(string text) => string.Join('\n', text.Split('\n').Select(line => "    " + line));

    private static JsonObject Of(NotebookCell cell) => (JsonObject)cell.Metadata["papermill"]!; // Begin set it

    private static JsonObject Values(IReadOnlyDictionary<string, JsonNode?> values) => new(values.Select(pair => KeyValuePair.Create(pair.Key, Storable(pair.Value))));

    // JSON has no NaN; its name is what a reader of the record needs.
    private static JsonNode? Storable(JsonNode? value) => value switch
    {
        JsonArray items => new JsonArray(items.Select(Storable).ToArray()),
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Storable(pair.Value)))),
        _ => ParameterText.NotFinite(value) is { } number ? JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)) : value?.DeepClone(),
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00";
}
