using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Workbench.Data;

namespace Workbench.Notebooks.Format;

/// <summary>Writes a notebook as .dib text. What a .dib has no place for is named; what it would change is refused.</summary>
internal static class DibWriter
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>The text, and one line for each kind of thing that it does not hold.</returns>
    /// <exception cref="DataException">A line of a text cell would begin a cell; the message names every such line.</exception>
    public static (string Text, IReadOnlyList<string> Notes) Write(NotebookDocument document, string origin)
    {
        var notes = new DibNotes();
        var findings = new List<string>();
        var cells = document.Cells.SelectMany((cell, index) => Parts(cell, index, document, notes, findings)).ToList();
        if (findings.Count > 0)
            throw new DataException($"Notebook '{origin}' cannot be a .dib:\n{string.Join('\n', findings)}") { Origin = origin };
        var text = new StringBuilder();
        if (DibMeta.Of(document, cells.Select(cell => cell.Language).Distinct().ToList()) is { } meta)
            text.Append("#!meta\n\n").Append(meta.ToJsonString(OneLine)).Append("\n\n");
        foreach (var (language, source) in cells)
            text.Append("#!").Append(language).Append("\n\n").Append(source).Append(source.Length == 0 ? "" : "\n\n");
        return (text.ToString().TrimEnd('\n') + "\n", notes.Lines);
    }

    // A code cell whose source changes the language in its middle runs as several, and becomes several.
    private static List<(string Language, string Source)> Parts(NotebookCell cell, int index, NotebookDocument document, DibNotes notes, List<string> findings)
    {
        var languages = document.Languages;
        var language = CellSource.Language(cell, document);
        if (!CellLanguages.CanBeWritten(language))
            findings.Add($"Cell {index + 1} is in the language '{language}', and a name with blanks cannot begin a cell. Rename it in metadata.polyglot_notebook.kernelName.");
        var step = cell.Type == CellType.Code ? StepLine.Of(cell) : null;
        notes.Note(cell, index, step);
        var source = cell.Type == CellType.Code ? CellSource.WithoutLanguage(cell.Source, languages) : cell.Source;
        if (step is not null && source.TrimStart().Split('\n')[0] is var first && StepLine.Is(first))
        {
            if (first.Trim() != step)
                findings.Add($"Cell {index + 1} says '{step}' in its tags and metadata and '{first.Trim()}' in its source. Say it once.");
            step = null;
        }
        var parts = new List<(string Language, List<string> Lines)> { (language, step is null ? [] : [step]) };
        foreach (var line in source.Split('\n'))
        {
            if (languages.OfLine(line) is not { } next)
                parts[^1].Lines.Add(line);
            else if (cell.Type == CellType.Code)
                parts.Add((next, step is null ? [] : [step]));
            else
                findings.Add($"Cell {index + 1} ({language}): its line '{line}' would begin a cell. Indent it by a blank.");
        }
        return parts.Select(part => (part.Language, DibReader.TrimBlankLines(part.Lines))).ToList();
    }
}
