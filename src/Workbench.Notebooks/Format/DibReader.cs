using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Format;

/// <summary>
/// Reads a .dib, the text form of .NET Interactive: an optional <c>#!meta</c> with JSON, then cells that each begin with
/// a line <c>#!language</c>. Blank lines around a cell do not belong to it; a magic with options or of another name does.
/// </summary>
internal static class DibReader
{
    private const string Meta = "#!meta";

    /// <exception cref="DataException">The JSON behind <c>#!meta</c> is damaged.</exception>
    public static NotebookDocument Read(string text, string origin)
    {
        var lines = MultilineText.Normalize(text).Split('\n');
        int start = Array.FindIndex(lines, line => line.Length > 0);
        if (start < 0)
            return NotebookDocument.Create();
        var document = lines[start].TrimEnd() == Meta ? WithMeta(lines, ref start, origin) : NotebookDocument.Create();
        ReadCells(lines.AsSpan(start), document);
        return document;
    }

    /// <summary>A script as a notebook of one cell.</summary>
    public static NotebookDocument OfScript(string text, string language)
    {
        var document = NotebookDocument.Create();
        Add(document, document.Languages, language, TrimBlankLines(MultilineText.Normalize(text).Split('\n')));
        return document;
    }

    public static string TrimBlankLines(IEnumerable<string> lines)
    {
        var kept = lines.SkipWhile(line => line.Length == 0).ToList();
        return string.Join('\n', kept.Take(kept.FindLastIndex(line => line.Length > 0) + 1));
    }

    private static NotebookDocument WithMeta(string[] lines, ref int start, string origin)
    {
        int first = start + 1;
        int end = Array.FindIndex(lines, first, line => line.StartsWith("#!", StringComparison.Ordinal));
        start = end < 0 ? lines.Length : end;
        JsonObject meta;
        try
        {
            meta = JsonNode.Parse(string.Join('\n', lines[first..start])) as JsonObject ?? throw new JsonException("It is no object.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{origin}': behind {Meta} in line {first} stands no JSON: {failure.Message} Correct it, or remove the line {Meta} and the text up to the first cell.", failure)
            {
                Origin = origin,
                Line = first + (failure.LineNumber ?? 0) + 1,
            };
        }
        return DibMeta.ToDocument(meta);
    }

    private static void ReadCells(ReadOnlySpan<string> lines, NotebookDocument document)
    {
        var languages = document.Languages;
        string? language = null; // none until a line names one
        var text = new List<string>();
        foreach (var line in lines)
        {
            if (languages.OfLine(line) is not { } next)
            {
                text.Add(line);
                continue;
            }
            Close();
            language = next;
            text.Clear();
        }
        Close();

        void Close()
        {
            var source = TrimBlankLines(text);
            if (language is not null || source.Length > 0)
                Add(document, languages, language, source);
        }
    }

    private static void Add(NotebookDocument document, CellLanguages languages, string? language, string source)
    {
        var cell = language switch
        {
            CellLanguages.Markdown => NotebookCell.Markdown("", source),
            CellLanguages.Raw => NotebookCell.Raw("", source),
            _ => Code(source, language ?? languages.Default(document.Metadata), document.KernelLanguage, languages),
        };
        cell.Json["id"] = NotebookCell.DeriveId(document.Cells.Count, cell.Source);
        document.Cells.Add(cell);
    }

    // Jupyter's clients hand a kernel nothing but the source, so that a cell in another language names it there too.
    private static NotebookCell Code(string source, string language, string kernelLanguage, CellLanguages languages)
    {
        var cell = NotebookCell.Code("", source);
        StepLine.Lift(cell);
        cell.Source = CellSource.WithLanguage(cell.Source, language, kernelLanguage, languages);
        CellSource.Declare(cell, language);
        return cell;
    }
}
