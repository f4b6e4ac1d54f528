using System.Text.RegularExpressions;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Rendering;

/// <summary>
/// In which language a cell is written: its first line (<c>#!sql</c>, or <c>%%sql</c> of IPython), else what VS Code and .NET
/// Interactive keep in the cell's metadata, else the notebook's language.
/// </summary>
internal static partial class CellLanguage
{
    private static readonly Dictionary<string, (string Name, string Label)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["csharp"] = ("csharp", "C#"), ["c#"] = ("csharp", "C#"), ["fsharp"] = ("fsharp", "F#"), ["f#"] = ("fsharp", "F#"),
        ["sql"] = ("sql", "SQL"), ["python"] = ("python", "Python"), ["python3"] = ("python", "Python"), ["py"] = ("python", "Python"), ["pythonkernel"] = ("python", "Python"),
        ["pwsh"] = ("pwsh", "PowerShell"), ["powershell"] = ("pwsh", "PowerShell"), ["bash"] = ("bash", "Bash"), ["sh"] = ("bash", "Bash"), ["r"] = ("r", "R"),
        ["javascript"] = ("javascript", "JavaScript"), ["js"] = ("javascript", "JavaScript"), ["html"] = ("html", "HTML"), ["mermaid"] = ("mermaid", "Mermaid"),
        ["markdown"] = ("markdown", "Markdown"), ["md"] = ("markdown", "Markdown"), ["kql"] = ("kql", "KQL"), ["http"] = ("http", "HTTP"), ["value"] = ("value", "Value"),
    };

    /// <summary>The language's name in lower case.</summary>
    public static string Of(NotebookCell cell, NotebookDocument document) => OfMagic(cell.Source) ?? OfMetadata(cell) ?? Name(document.Language);

    /// <summary>The name as people write it, or null when it is the notebook's own language.</summary>
    public static string? Label(string language, NotebookDocument document) =>
        language == Name(document.Language) ? null : Known.TryGetValue(language, out var known) ? known.Label : language;

    /// <summary>The source without the lines that only name a language or a step.</summary>
    public static string WithoutMagics(string source) =>
        string.Join('\n', source.Split('\n').SkipWhile(line => Magic().IsMatch(line) || string.IsNullOrWhiteSpace(line)));

    private static string? OfMagic(string source) => source.Split('\n')
        .Select(line => Magic().Match(line)).TakeWhile(match => match.Success)
        .Select(match => Known.TryGetValue(match.Groups["name"].Value, out var known) ? known.Name : null).FirstOrDefault(name => name is not null);

    private static string? OfMetadata(NotebookCell cell) =>
        (cell.Metadata["polyglot_notebook"]?["kernelName"] ?? cell.Metadata["dotnet_interactive"]?["language"] ?? cell.Metadata["vscode"]?["languageId"])?.ToString() is { Length: > 0 } name
            ? Name(name.StartsWith("polyglot-notebook.", StringComparison.Ordinal) ? name["polyglot-notebook.".Length..] : name) : null;

    private static string Name(string language) => Known.TryGetValue(language, out var known) ? known.Name : language.ToLowerInvariant();

    [GeneratedRegex(@"^(?:#!|%%)(?<name>[A-Za-z][\w#]*)")]
    private static partial Regex Magic();
}
