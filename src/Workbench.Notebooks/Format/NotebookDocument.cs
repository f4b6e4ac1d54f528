using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Format;

/// <summary>
/// A Jupyter notebook, nbformat 4.5. Unknown metadata and properties are kept as they were; older 4.x files are
/// raised to 4.5 by giving their cells ids. Not thread-safe.
/// </summary>
public sealed class NotebookDocument
{
    private static readonly JsonSerializerOptions Layout =
        new() { WriteIndented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonObject _json;

    private NotebookDocument(JsonObject json, List<NotebookCell> cells)
    {
        _json = json;
        Cells = cells;
    }

    /// <summary>Cells in order; may be changed.</summary>
    public IList<NotebookCell> Cells { get; }

    /// <summary>Metadata of the notebook (kernelspec, language_info, papermill and whatever else it holds).</summary>
    public JsonObject Metadata
    {
        get
        {
            if (_json["metadata"] is JsonObject metadata)
                return metadata;
            var created = new JsonObject();
            _json["metadata"] = created;
            return created;
        }
    }

    /// <summary>Name of the kernel that the notebook asks for, or null.</summary>
    public string? KernelName => Metadata["kernelspec"]?["name"]?.ToString();

    /// <summary>Language in lower case: from <c>language_info</c>, else <c>kernelspec</c>, else <c>c#</c>.</summary>
    public string Language =>
        (Metadata["language_info"]?["name"] ?? Metadata["kernelspec"]?["language"])?.ToString().ToLowerInvariant() ?? "c#";

    internal CellLanguages Languages => CellLanguages.Of(Metadata);

    /// <summary>Short name of the language that the notebook's kernel takes a cell for that names none.</summary>
    internal string KernelLanguage
    {
        get
        {
            var name = (Metadata["kernelspec"] as JsonObject)?["language"]?.ToString() ?? CellLanguages.CSharp;
            return Languages.Find(name) ?? name.ToLowerInvariant();
        }
    }

    /// <summary>First heading of the first markdown cell that has one, or null.</summary>
    public string? Title => Cells.Where(cell => cell.Type == CellType.Markdown)
        .SelectMany(cell => cell.Source.Split('\n'))
        .FirstOrDefault(line => line.StartsWith('#'))?.TrimStart('#').Trim();

    /// <summary>An empty notebook for our own C# kernel.</summary>
    public static NotebookDocument Create() => Parse("""
        {"cells":[],"metadata":{"kernelspec":{"display_name":"Workbench (C#)","language":"C#","name":"workbench-csharp"},
         "language_info":{"name":"C#"}},"nbformat":4,"nbformat_minor":5}
        """, "a new notebook");

    /// <summary>Reads a notebook: Jupyter's .ipynb, .NET Interactive's .dib, or a script such as .csx or .sql as one cell.</summary>
    /// <exception cref="DataException">The file is missing, empty or no notebook; the message names it and what is wrong.</exception>
    public static NotebookDocument Load(string path)
    {
        try
        {
            return NotebookFile.Read(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read notebook '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    /// <summary>Reads a notebook from JSON text; <paramref name="origin"/> is named in errors.</summary>
    /// <exception cref="DataException">The text is no nbformat 4 notebook.</exception>
    public static NotebookDocument Parse(string json, string origin)
    {
        try
        {
            var root = JsonNode.Parse(json) as JsonObject ?? throw Damaged(origin, "the file holds no JSON object");
            return new(root, NotebookReader.ReadCells(root, origin));
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{origin}' is no notebook: {failure.Message} Restore it from version control, or save it again in Jupyter.", failure)
            {
                Origin = origin,
                Line = failure.LineNumber + 1,
            };
        }
    }

    /// <summary>The notebook as nbformat 4.5 text, ending with a line end; the same content gives the same text.</summary>
    public string ToJson()
    {
        var cells = new JsonArray();
        foreach (var cell in Cells)
            cells.Add(cell.Json.DeepClone());
        _json["cells"] = cells;
        return _json.ToJsonString(Layout) + "\n";
    }

    /// <summary>Writes the notebook as .ipynb, beside <paramref name="path"/> first and then renamed, so that a reader never sees half a file.</summary>
    /// <exception cref="DataException">The folder cannot be written, or the path is a .dib, which would lose outputs: see <see cref="NotebookConverter"/>.</exception>
    public void Save(string path)
    {
        if (NotebookFile.Is(path, NotebookFile.Dib))
            throw new DataException($"'{path}': a .dib holds no outputs. Name an .ipynb; 'workbench notebook convert' makes a .dib of it.") { Origin = path };
        NotebookFile.Write(path, ToJson());
    }

    /// <summary>A deep copy that shares nothing with this document.</summary>
    public NotebookDocument Clone() => Parse(ToJson(), "a copy of a notebook");

    internal static DataException Damaged(string origin, string what) =>
        new($"'{origin}' is no notebook that can be read: {what}. Restore it from version control, or save it again in Jupyter as nbformat 4.") { Origin = origin };
}
