using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Format;

/// <summary>
/// The names that a line <c>#!name</c> can choose a language with: the usual ones, and those that a notebook declares in
/// its <c>kernelInfo</c> (the shape is .NET Interactive's, which both .dib and .ipynb share).
/// </summary>
internal sealed partial class CellLanguages
{
    public const string CSharp = "csharp";
    public const string Markdown = "markdown";
    public const string Raw = "raw";

    /// <summary>Usual names and aliases to the language that each means, those among them that only a file can hold.</summary>
    public static IReadOnlyDictionary<string, string> Usual { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [CSharp] = CSharp, ["c#"] = CSharp, ["cs"] = CSharp,
        ["fsharp"] = "fsharp", ["f#"] = "fsharp", ["fs"] = "fsharp",
        [Markdown] = Markdown, ["md"] = Markdown,
        ["pwsh"] = "pwsh", ["powershell"] = "pwsh",
        ["javascript"] = "javascript", ["js"] = "javascript",
        ["sql"] = "sql", ["html"] = "html", ["mermaid"] = "mermaid", ["kql"] = "kql", ["http"] = "http", ["value"] = "value", ["python"] = "python", ["py"] = "python",
    };

    private readonly Dictionary<string, string> _names = new(Usual, StringComparer.OrdinalIgnoreCase);

    private CellLanguages(JsonArray? declared)
    {
        foreach (var item in declared ?? [])
        {
            if (item?["name"]?.ToString() is not { Length: > 0 } name)
                continue;
            var language = _names[name] = Usual.GetValueOrDefault(name, name);
            foreach (var alias in item["aliases"] as JsonArray ?? [])
                _names.TryAdd(alias?.ToString() ?? "", language);
        }
    }

    /// <summary>The languages of a notebook.</summary>
    /// <param name="metadata">Its metadata, which may hold <c>polyglot_notebook.kernelInfo</c>.</param>
    public static CellLanguages Of(JsonObject metadata) => new(KernelInfo(metadata)?["items"] as JsonArray);

    /// <summary>The language that <paramref name="name"/> means, or null when no language is called so.</summary>
    public string? Find(string? name) => name is null ? null : _names.GetValueOrDefault(name);

    /// <summary>The language that a line <c>#!name</c> chooses when nothing else stands on it, else null.</summary>
    public string? OfLine(string line) => Lone().Match(line) is { Success: true } match ? Find(match.Groups[1].Value) : null;

    /// <summary>The language that a line chooses, whatever options follow the name, else null.</summary>
    public string? OfMagic(string line) => Magic().Match(line) is { Success: true } match ? Find(match.Groups[1].Value) : null;

    /// <summary>Whether a line <c>#!name</c> could be read back.</summary>
    public static bool CanBeWritten(string name) => Lone().IsMatch($"#!{name}");

    public static JsonObject? KernelInfo(JsonObject metadata) => (metadata["polyglot_notebook"] as JsonObject)?["kernelInfo"] as JsonObject;

    /// <summary>The language of cells that name none: what the metadata says, else C#.</summary>
    public string Default(JsonObject metadata)
    {
        var name = KernelInfo(metadata)?["defaultKernelName"] ?? (metadata["dotnet_interactive"] as JsonObject)?["defaultKernelName"] ?? (metadata["kernelspec"] as JsonObject)?["language"];
        return name is null ? CSharp : Find(name.ToString()) ?? name.ToString().ToLowerInvariant();
    }

    [GeneratedRegex(@"^#!(\S+)[ \t]*$")]
    private static partial Regex Lone();

    [GeneratedRegex(@"^#!(\S+)")]
    private static partial Regex Magic();
}
