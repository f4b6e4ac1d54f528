using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Running;

/// <summary>
/// Keeps papermill's record in a notebook's metadata: times, parameters and, for each cell, how it went; and its marks
/// of an error (papermill 2.6, <c>execute.py</c>).
/// </summary>
internal sealed class PapermillRecord(NotebookDocument document, TimeProvider clock)
{
    private readonly DateTimeOffset _start = clock.GetUtcNow();

    public void Begin(string inputPath, string outputPath, IReadOnlyDictionary<string, JsonNode?> parameters)
    {
        document.Metadata["papermill"] = new JsonObject
        {
            ["default_parameters"] = new JsonObject(),
            ["duration"] = null,
            ["end_time"] = null,
            ["environment_variables"] = new JsonObject(),
            ["exception"] = null,
            ["input_path"] = inputPath,
            ["output_path"] = outputPath,
            ["parameters"] = new JsonObject(parameters.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))),
            ["start_time"] = Text(_start),
            ["version"] = "workbench",
        };
        foreach (var cell in document.Cells)
            cell.Metadata["papermill"] = CellRecord("pending");
    }

    public void BeginCell(NotebookCell cell)
    {
        var record = CellRecord("running");
        record["start_time"] = Text(clock.GetUtcNow());
        cell.Metadata["papermill"] = record;
    }

    public void EndCell(NotebookCell cell, bool failed)
    {
        var record = (JsonObject)cell.Metadata["papermill"]!; // BeginCell set it
        var end = clock.GetUtcNow();
        var start = DateTimeOffset.Parse(record["start_time"]!.ToString(), CultureInfo.InvariantCulture); // BeginCell set it
        record["duration"] = (end - start).TotalSeconds;
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
        var where = error.ExecutionCount is { } count ? $"In [{count}]" : "the kernel";
        if (cell is not null)
        {
            document.Cells.Insert(document.Cells.IndexOf(cell), NotebookCell.Markdown(
                "papermill-error-cell", "<span id=\"papermill-error-cell\" style=\"color:red; font-family:Helvetica Neue, Helvetica, Arial, sans-serif; font-size:2em;\">Execution using papermill encountered an exception here and stopped:</span>", CellTags.ErrorMarker));
        }
        document.Cells.Insert(0, NotebookCell.Markdown(
            "papermill-error-top", $"<span style=\"color:red; font-family:Helvetica Neue, Helvetica, Arial, sans-serif; font-size:2em;\">An Exception was encountered at '<a href=\"#papermill-error-cell\">{where}</a>'.</span>", CellTags.ErrorMarker));
    }

    /// <summary>Removes the marks and records of an earlier run, for a notebook that is run again.</summary>
    public static void Clear(NotebookDocument document)
    {
        foreach (var marker in document.Cells.Where(cell => cell.HasTag(CellTags.ErrorMarker)).ToList())
            document.Cells.Remove(marker);
        foreach (var cell in document.Cells)
            cell.ClearOutputs();
    }

    private static JsonObject CellRecord(string status) => new()
    {
        ["duration"] = null,
        ["end_time"] = null,
        ["exception"] = null,
        ["start_time"] = null,
        ["status"] = status,
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00";
}
