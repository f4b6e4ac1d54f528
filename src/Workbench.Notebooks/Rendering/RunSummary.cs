using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Rendering;

/// <summary>How a notebook ran, as it says itself: papermill's record, Workbench's own, and its cells.</summary>
internal sealed class RunSummary(NotebookDocument document)
{
    private readonly JsonObject? _record = document.Metadata["papermill"] as JsonObject;
    private readonly List<NotebookCell> _code = document.Cells.Where(cell => cell.Type == CellType.Code && !string.IsNullOrWhiteSpace(cell.Source)).ToList();

    public int CodeCells => _code.Count;

    public int CellsThatRan => _code.Count(cell => cell.ExecutionCount is not null);

    public string? Started => Time("start_time");

    public string? Duration => Number(_record?["duration"]) is { } seconds ? DurationText(seconds) : null;

    public IReadOnlyList<(NotebookCell Cell, string Message)> Failures => document.Cells.Where(HasFailed)
        .SelectMany(cell => cell.Outputs.Where(IsError), (cell, output) => (cell, $"{output!["ename"]}: {output["evalue"]}")).ToList();

    public RunState State =>
        Failures.Count > 0 || _record?["exception"] is JsonValue value && value.TryGetValue(out bool failed) && failed ? RunState.Failed
        : CellsThatRan == 0 ? RunState.NotRun
        : CellsThatRan < CodeCells ? RunState.Partial
        : RunState.Completed;

    /// <summary>Whether the counts of the cells rise from top to bottom, as in a headless run.</summary>
    public bool RanInOrder
    {
        get
        {
            var counts = _code.Select(cell => cell.ExecutionCount).OfType<int>().ToList();
            return counts.Zip(counts.Skip(1)).All(pair => pair.First < pair.Second);
        }
    }

    /// <summary>Cells and parts of cells that their tags take off the page.</summary>
    public int LeftOut => document.Cells.Select(cell => CellVisibility.Of(cell, HasFailed(cell)))
        .Count(visibility => visibility.IsRemoved || visibility.Source == Shown.Not || visibility.Outputs == Shown.Not);

    /// <summary>Every parameter with its value, its default, and whether the run set it.</summary>
    public IReadOnlyList<(string Name, JsonNode? Value, JsonNode? Default, bool IsSet)> Parameters
    {
        get
        {
            var set = _record?["parameters"] as JsonObject ?? [];
            var defaults = Defaults();
            return defaults.Select(one => set.TryGetPropertyValue(one.Name, out var value) ? (one.Name, value, one.Value, true) : (one.Name, one.Value, one.Value, false))
                .Concat(set.Where(pair => defaults.All(one => one.Name != pair.Key)).Select(pair => (pair.Key, pair.Value, (JsonNode?)null, true))).ToList();
        }
    }

    /// <summary>Kernel, language, identity and environment of the run, named and in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment
    {
        get
        {
            var language = document.Metadata["language_info"];
            var facts = new List<(string Name, string Value)>
            {
                ("Kernel", document.Metadata["kernelspec"]?["display_name"]?.ToString() ?? document.KernelName ?? "not named"),
                ("Language", $"{language?["name"] ?? document.Language} {language?["version"]}".Trim()),
                ("Code", NotebookHash.Of(document).Value),
            };
            if (_record?["version"]?.ToString() is { Length: > 0 } runner)
                facts.Add(("Run by", runner == "workbench" ? "workbench" : "papermill " + runner));
            if (Time("end_time") is { } end)
                facts.Add(("Ended", end));
            Flatten(facts, "", document.Metadata["workbench"]?["run"]);
            return facts;
        }
    }

    /// <summary>Whether an error ended the cell; one that its tag expects does not count.</summary>
    public static bool HasFailed(NotebookCell cell) => cell.Type == CellType.Code && !cell.HasTag("raises-exception") && cell.Outputs.Any(IsError);

    /// <summary>A duration in the unit that people would take.</summary>
    public static string DurationText(double seconds) => seconds < 120
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s")
        : TimeSpan.FromSeconds(seconds) is var time && time.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min");

    /// <summary>A number of seconds, or any number; null for what is none.</summary>
    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;

    private static bool IsError(JsonNode? output) => output?["output_type"]?.ToString() == "error";

    private string? Time(string name) =>
        DateTimeOffset.TryParse(_record?[name]?.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC" : null;

    private List<(string Name, JsonNode? Value)> Defaults()
    {
        if (_record?["default_parameters"] is JsonObject { Count: > 0 } recorded)
            return recorded.Select(pair => (pair.Key, pair.Value)).ToList();
        return document.Language is "c#" or "csharp" or "python" ? NotebookParameters.Read(document).Select(parameter => (parameter.Name, parameter.Default)).ToList() : [];
    }

    private static void Flatten(List<(string Name, string Value)> facts, string path, JsonNode? node)
    {
        if (node is JsonObject branch)
            foreach (var (name, value) in branch)
                Flatten(facts, path.Length == 0 ? name : $"{path} / {name}", value);
        else if (node is JsonArray list)
            facts.Add((path, string.Join(", ", list.Select(item => item?.ToString() ?? "null"))));
        else if (path.Length > 0)
            facts.Add((path, node?.ToString() ?? "null"));
    }
}

/// <summary>How far a run came.</summary>
internal enum RunState
{
    Completed,
    Failed,
    Partial,
    NotRun,
}
