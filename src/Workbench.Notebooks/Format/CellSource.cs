using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Format;

/// <summary>The source of a code cell apart from the line that says its language.</summary>
internal static class CellSource
{
    /// <summary>
    /// The cell's language. A first line <c>#!sql</c> is what runs, so it counts before all metadata; then come what
    /// Polyglot Notebooks, .NET Interactive and VS Code wrote, a first line with options, and the notebook's default.
    /// </summary>
    public static string Language(NotebookCell cell, NotebookDocument document)
    {
        if (cell.Type != CellType.Code)
            return cell.Type == CellType.Markdown ? CellLanguages.Markdown : CellLanguages.Raw;
        var languages = document.Languages;
        var first = LanguageLine(cell.Source).Line;
        return languages.OfLine(first) ?? Declared(cell, languages) ?? languages.OfMagic(first) ?? languages.Default(document.Metadata);
    }

    /// <summary>The source with its language in front where it differs from <paramref name="kernelLanguage"/> and the source does not name one itself.</summary>
    public static string WithLanguage(string source, string language, string kernelLanguage, CellLanguages languages)
    {
        var (index, line) = LanguageLine(source);
        if (language == kernelLanguage || languages.OfMagic(line) is not null)
            return source;
        var lines = source.Split('\n').ToList();
        lines.Insert(lines.GetRange(0, index).FindLastIndex(StepLine.Is) + 1, $"#!{language}"); // behind #!step, which must stay first
        return string.Join('\n', lines);
    }

    /// <summary>The source without a first line that only names the language.</summary>
    public static string WithoutLanguage(string source, CellLanguages languages)
    {
        var (index, line) = LanguageLine(source);
        if (languages.OfLine(line) is null)
            return source;
        var lines = source.Split('\n').ToList();
        lines.RemoveAt(index);
        return string.Join('\n', lines);
    }

    /// <summary>Writes the language into the metadata that both of .NET Interactive's generations read.</summary>
    public static void Declare(NotebookCell cell, string language)
    {
        cell.Metadata["dotnet_interactive"] = new JsonObject { ["language"] = language };
        cell.Metadata["polyglot_notebook"] = new JsonObject { ["kernelName"] = language };
    }

    // The first line that is neither blank nor #!step: where a language may stand.
    private static (int Index, string Line) LanguageLine(string source)
    {
        var lines = source.Split('\n');
        int index = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line) && !StepLine.Is(line));
        return index < 0 ? (lines.Length, "") : (index, lines[index]);
    }

    private static string? Declared(NotebookCell cell, CellLanguages languages)
    {
        string? Text(string parent, string name) => (cell.Metadata[parent] as JsonObject)?[name]?.ToString() is { Length: > 0 } text ? text : null;
        if ((Text("polyglot_notebook", "kernelName") ?? Text("dotnet_interactive", "language")) is { } name)
            return languages.Find(name) ?? name;
        const string Prefix = "dotnet-interactive."; // VS Code's ids of the first generation: dotnet-interactive.csharp
        return Text("vscode", "languageId") is { } id ? languages.Find(id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id) : null;
    }
}
