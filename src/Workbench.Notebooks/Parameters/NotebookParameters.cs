using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Parameters;

/// <summary>Parameters of a notebook, in papermill's conventions.</summary>
public static class NotebookParameters
{
    /// <summary>What the cells tagged <c>parameters</c> declare, in order; empty when there is no such cell.</summary>
    public static IReadOnlyList<NotebookParameter> Read(NotebookDocument document) => Read(document, ParameterLanguage.Of(document));

    /// <summary>What the cells tagged <c>parameters</c> declare for a kernel of that language; of a name that is declared twice, the last.</summary>
    internal static IReadOnlyList<NotebookParameter> Read(NotebookDocument document, ParameterLanguage language)
    {
        var declared = new OrderedDictionary<string, NotebookParameter>(StringComparer.Ordinal);
        var earlier = new List<string>();
        foreach (var cell in document.Cells.Where(cell => cell.Type == CellType.Code))
        {
            if (cell.HasTag(CellTags.Parameters))
                foreach (var parameter in language.Read(cell.Source, earlier))
                    declared[parameter.Name] = parameter;
            earlier.Add(cell.Source);
        }
        return [.. declared.Values];
    }

    /// <summary>Inserts the cell tagged <c>injected-parameters</c>, in the notebook's own language.</summary>
    /// <exception cref="DataException">A name is not declared (the message lists the declared ones), or a value does not fit its type.</exception>
    internal static void Inject(NotebookDocument document, IReadOnlyDictionary<string, JsonNode?> values, string origin) =>
        Inject(document, ParameterLanguage.Of(document), values, origin);

    /// <summary>
    /// Inserts the cell tagged <c>injected-parameters</c> behind the first one tagged <c>parameters</c>. It takes the place of
    /// one that an earlier run injected; without values that one stays, so that an executed notebook runs again as it ran.
    /// </summary>
    /// <exception cref="DataException">A name is not declared (the message lists the declared ones), or a value does not fit its type.</exception>
    internal static void Inject(NotebookDocument document, ParameterLanguage language, IReadOnlyDictionary<string, JsonNode?> values, string origin)
    {
        if (values.Count == 0)
            return;
        var declared = Declared(document, language, values.Keys, origin);
        var lines = values.Select(pair => Assignment(language, declared[pair.Key], pair.Value, origin)).ToList();
        foreach (var earlier in document.Cells.Where(cell => cell.HasTag(CellTags.InjectedParameters)).ToList())
            document.Cells.Remove(earlier);
        var home = document.Cells.First(cell => cell.Type == CellType.Code && cell.HasTag(CellTags.Parameters));
        lines.Insert(0, language.Comment + " Parameters of this run");
        if (ParameterLanguage.LanguageLine(home.Source) is { } line)
            lines.Insert(0, line);
        var injected = NotebookCell.Code(document.FreeId(CellTags.InjectedParameters), string.Join('\n', lines), CellTags.InjectedParameters);
        foreach (var name in (string[])["polyglot_notebook", "dotnet_interactive"])
            if (home.Metadata[name] is { } which)
                injected.Metadata[name] = which.DeepClone();
        document.Cells.Insert(document.Cells.IndexOf(home) + 1, injected);
    }

    /// <summary>Values of texts that were typed on a command line: the declared type decides, else papermill's rules for <c>-p</c>.</summary>
    /// <exception cref="DataException">A name is not declared; the message lists the declared ones.</exception>
    internal static IReadOnlyDictionary<string, JsonNode?> FromTexts(NotebookDocument document, ParameterLanguage language, IReadOnlyDictionary<string, string> texts, string origin)
    {
        if (texts.Count == 0)
            return new Dictionary<string, JsonNode?>();
        var declared = Declared(document, language, texts.Keys, origin);
        return texts.ToDictionary(pair => pair.Key, pair => language.FromText(declared[pair.Key], pair.Value));
    }

    private static Dictionary<string, NotebookParameter> Declared(NotebookDocument document, ParameterLanguage language, IEnumerable<string> given, string origin)
    {
        if (language.Refusal is { } refusal)
            throw new DataException($"Notebook '{origin}' takes no parameters: {refusal}") { Origin = origin };
        var declared = Read(document, language).ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        if (given.FirstOrDefault(name => !declared.ContainsKey(name)) is not { } unknown)
            return declared;
        var known = declared.Count > 0 ? string.Join(", ", declared.Keys)
            : document.Cells.Any(cell => cell.HasTag(CellTags.Parameters)) ? "none: its cell tagged 'parameters' declares no variable"
            : "none: tag the cell that declares them 'parameters'";
        throw new DataException($"Notebook '{origin}' has no parameter '{unknown}'.{Suggestion.DidYouMean(unknown, declared.Keys)} Known: {known}.") { Origin = origin, Value = unknown };
    }

    private static string Assignment(ParameterLanguage language, NotebookParameter parameter, JsonNode? value, string origin)
    {
        try
        {
            return language.Assign(parameter, value);
        }
        catch (FormatException failure)
        {
            throw new DataException($"Parameter '{parameter.Name}' of notebook '{origin}': {failure.Message}", failure) { Origin = origin, Column = parameter.Name, Value = value?.ToString() };
        }
    }
}
