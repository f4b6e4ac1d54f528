using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Format;

/// <summary>
/// One cell: typed access to the JSON it came from, so that what this program does not know survives a load and a save.
/// Not thread-safe.
/// </summary>
public sealed class NotebookCell
{
    internal NotebookCell(JsonObject json) => Json = json;

    /// <summary>The cell as nbformat 4.5 JSON; changes are seen here and there.</summary>
    public JsonObject Json { get; }

    /// <summary>A new code cell without outputs.</summary>
    public static NotebookCell Code(string id, string source, params IEnumerable<string> tags) => Create("code", id, source, tags);

    /// <summary>A new markdown cell.</summary>
    public static NotebookCell Markdown(string id, string source, params IEnumerable<string> tags) => Create("markdown", id, source, tags);

    /// <summary>A new raw cell.</summary>
    public static NotebookCell Raw(string id, string source, params IEnumerable<string> tags) => Create("raw", id, source, tags);

    /// <summary>The cell's id, unique in its notebook.</summary>
    public string Id => (string)Json["id"]!; // NotebookReader gave every cell an id

    /// <summary>Kind of the cell.</summary>
    public CellType Type => (string?)Json["cell_type"] switch
    {
        "code" => CellType.Code,
        "markdown" => CellType.Markdown,
        _ => CellType.Raw,
    };

    /// <summary>Source text with <c>\n</c> line ends.</summary>
    public string Source
    {
        get => MultilineText.Read(Json["source"]);
        set => Json["source"] = MultilineText.Write(value);
    }

    /// <summary>The language in its short name, such as <c>csharp</c>, <c>sql</c>, <c>markdown</c>, or the name of a connection of the notebook's own.</summary>
    /// <param name="document">The notebook of this cell, which has a default language and may declare names.</param>
    public string Language(NotebookDocument document) => CellSource.Language(this, document);

    /// <summary>
    /// The source as a C# kernel needs it that is told nothing else, as Jupyter's clients do: where only metadata says
    /// that the cell is in another language, a line <c>#!language</c> stands in front.
    /// </summary>
    /// <param name="document">The notebook of this cell.</param>
    public string SourceToRun(NotebookDocument document) =>
        Type == CellType.Code ? CellSource.WithLanguage(Source, Language(document), CellLanguages.CSharp, document.Languages) : Source;

    /// <summary>Metadata of the cell.</summary>
    public JsonObject Metadata => Child("metadata");

    /// <summary>Tags in their order; empty when there are none.</summary>
    public IReadOnlyList<string> Tags =>
        Metadata["tags"] is JsonArray tags ? tags.Select(tag => tag?.ToString() ?? "").Where(tag => tag.Length > 0).ToList() : [];

    /// <summary>Outputs of a code cell, as nbformat JSON.</summary>
    public JsonArray Outputs
    {
        get
        {
            if (Json["outputs"] is JsonArray outputs)
                return outputs;
            var created = new JsonArray();
            Json["outputs"] = created;
            return created;
        }
    }

    /// <summary>The number shown as <c>In [n]</c>, or null before a run.</summary>
    public int? ExecutionCount
    {
        get => Json["execution_count"] is JsonValue value && value.TryGetValue(out int count) ? count : null;
        set => Json["execution_count"] = value;
    }

    /// <summary>Whether the cell carries <paramref name="tag"/> (exact, case-sensitive).</summary>
    public bool HasTag(string tag) => Tags.Contains(tag, StringComparer.Ordinal);

    /// <summary>A deep copy that shares nothing with this cell.</summary>
    public NotebookCell Clone() => new((JsonObject)Json.DeepClone());

    /// <summary>Drops outputs and the execution count of a code cell.</summary>
    public void ClearOutputs()
    {
        if (Type != CellType.Code)
            return;
        Json["outputs"] = new JsonArray();
        Json["execution_count"] = null;
    }

    /// <summary>An id from the cell's place and text, for cells that came without one.</summary>
    internal static string DeriveId(int index, string source) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{index}\n{source}")))[..8];

    private static NotebookCell Create(string type, string id, string source, IEnumerable<string> tags)
    {
        var json = new JsonObject { ["cell_type"] = type };
        if (type == "code")
            json["execution_count"] = null;
        json["id"] = id;
        json["metadata"] = new JsonObject();
        if (type == "code")
            json["outputs"] = new JsonArray();
        json["source"] = MultilineText.Write(source);
        var cell = new NotebookCell(json);
        if (tags.ToArray() is { Length: > 0 } list)
            cell.Metadata["tags"] = new JsonArray(list.Select(tag => (JsonNode?)tag).ToArray());
        return cell;
    }

    private JsonObject Child(string name)
    {
        if (Json[name] is JsonObject child)
            return child;
        var created = new JsonObject();
        Json[name] = created;
        return created;
    }
}
