using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Quality;

/// <summary>What is wrong with the categories of one column.</summary>
internal static class CategoryFindings
{
    // A category that few reference rows have may be absent by chance.
    private const double LargeCategory = 0.05;

    public static IEnumerable<DataQualityFinding> Of(ColumnProfile column, ColumnProfile? usual, DataQualityOptions options)
    {
        if (column.Categories is not { } categories)
            yield break;
        if (usual?.Categories is { } known && usual.Kind == column.Kind && column.Present > 0)
        {
            if (New(column, categories, known, options.NewCategoryShare) is { } unseen)
                yield return unseen;
            if (Vanished(column, categories, known, usual.Present) is { } vanished)
                yield return vanished;
        }
        if (Twins(column, categories, usual) is { } twins)
            yield return twins;
    }

    private static DataQualityFinding? New(ColumnProfile column, IReadOnlyDictionary<string, long> categories, IReadOnlyDictionary<string, long> known, double warns)
    {
        var names = Most(categories.Where(pair => !known.ContainsKey(pair.Key)));
        if (names.Count == 0)
            return null;
        long rows = names.Sum(name => categories[name]);
        double share = (double)rows / column.Present;
        return new()
        {
            Severity = share >= warns ? QualitySeverity.Warning : QualitySeverity.Information, Column = column.Column, Check = QualityCheck.NewCategories, Rows = rows,
            Value = QualityText.List(names), Allowed = QualityText.List(Most(known), 10),
            What = $"'{column.Column}' has {Count(names.Count)} that the reference lacks, in {QualityText.Share(share)} of the rows: {QualityText.List(names)}.",
            Advice = "Check how they are spelt; a model knows nothing of a category it has not seen.",
        };
    }

    private static DataQualityFinding? Vanished(ColumnProfile column, IReadOnlyDictionary<string, long> categories, IReadOnlyDictionary<string, long> known, long knownRows)
    {
        var names = Most(known.Where(pair => !categories.ContainsKey(pair.Key)));
        if (names.Count == 0)
            return null;
        double share = (double)names.Sum(name => known[name]) / knownRows;
        return new()
        {
            Severity = share >= LargeCategory ? QualitySeverity.Warning : QualitySeverity.Information, Column = column.Column, Check = QualityCheck.VanishedCategories,
            Value = QualityText.List(names), Allowed = "all categories of the reference",
            What = $"{Count(names.Count, upper: true)} of '{column.Column}' vanished; {QualityText.Share(share)} of the reference's rows had them: {QualityText.List(names)}.",
            Advice = "Ask whether a part of the data is missing, or whether the category ended or has another name now.",
        };
    }

    private static DataQualityFinding? Twins(ColumnProfile column, IReadOnlyDictionary<string, long> categories, ColumnProfile? usual)
    {
        var groups = Groups(categories);
        if (groups.Count == 0)
            return null;
        bool wasSo = usual?.Categories is { } known && Groups(known).Count >= groups.Count;
        long rows = groups.Sum(group => group.Skip(1).Sum(name => categories[name]));
        string shown = string.Join("; ", groups.Take(3).Select(group => string.Join(" and ", group.Take(4).Select(QualityText.Quote)))) + (groups.Count > 3 ? $" and {groups.Count - 3} more" : "");
        return new()
        {
            Severity = wasSo ? QualitySeverity.Information : QualitySeverity.Warning, Column = column.Column, Check = QualityCheck.CategoryTwins, Rows = rows, Value = shown, Allowed = "one spelling each",
            What = $"Categories of '{column.Column}' differ in case or spaces alone: {shown}.", Advice = $"Make them one, for example with lower(trim(\"{column.Column}\")).",
        };
    }

    // Each group has the spelling of most rows first.
    private static List<List<string>> Groups(IReadOnlyDictionary<string, long> categories) => categories
        .GroupBy(pair => string.Join(' ', pair.Key.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparer.Ordinal)
        .Where(group => group.Count() > 1).OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(Most).ToList();

    private static List<string> Most(IEnumerable<KeyValuePair<string, long>> categories) =>
        categories.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key).ToList();

    private static string Count(int categories, bool upper = false) => categories == 1 ? upper ? "A category" : "a category" : FormattableString.Invariant($"{categories:N0} categories");
}
