using System.Globalization;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>Measures one column that was read on both sides. No I/O.</summary>
internal static class ColumnComparison
{
    private const int DrawnCategories = 20;
    private const int ListedCategories = 100;
    // Many rare new categories drift by what they hold together, from this many times the share of a single one on.
    private const double ManyNew = 10;

    public static ColumnMeasures Numbers(string column, IReadOnlyList<DriftTest> tests, NumericColumn reference, NumericColumn current) => new()
    {
        Column = column,
        Kind = DriftColumnKind.Numeric,
        Tests = reference.Count == 0 || current.Count == 0 ? [] : Run(new(reference, current), tests),
        CertainDrift = OneSideEmpty(reference.Count, current.Count, "finite value"),
        NullShareReference = Share(reference.Nulls, reference.Rows),
        NullShareCurrent = Share(current.Nulls, current.Rows),
        Bins = Bins(reference, current),
        Note = Join([
            NoValues(reference.Count, current.Count),
            NotFinite(reference.NotFinite, "reference"),
            NotFinite(current.NotFinite, "current"),
            reference.Count > 0 && reference.StandardDeviation == 0 ? string.Create(CultureInfo.InvariantCulture, $"The reference is constant ({reference.Mean:G6}).") : null,
        ]),
    };

    /// <summary>The same as <see cref="Numbers"/> for what was measured from sketches.</summary>
    public static ColumnMeasures Sketched(string column, IReadOnlyList<MeasuredTest> measures, NumericSketch reference, NumericSketch current) => new()
    {
        Column = column,
        Kind = DriftColumnKind.Numeric,
        Tests = measures,
        CertainDrift = OneSideEmpty(reference.Count, current.Count, "finite value"),
        NullShareReference = Share(reference.Nulls, reference.Rows),
        NullShareCurrent = Share(current.Nulls, current.Rows),
        Bins = SketchChart.Bins(reference, current),
        Note = Join([
            NoValues(reference.Count, current.Count),
            NotFinite(reference.NotFinite, "reference"),
            NotFinite(current.NotFinite, "current"),
            reference.Count > 0 && reference.StandardDeviation == 0 ? string.Create(CultureInfo.InvariantCulture, $"The reference is constant ({reference.Min:G6}).") : null,
        ]),
    };

    public static ColumnMeasures Categories(
        string column, DriftColumnKind kind, IReadOnlyList<DriftTest> tests, CategoryColumn reference, CategoryColumn current, double newCategoryShare)
    {
        var pair = new CategoryPair(reference, current);
        var unseen = Only(current, reference);
        bool hasBoth = reference.Count > 0 && current.Count > 0;
        return new()
        {
            Column = column,
            Kind = kind,
            Tests = hasBoth ? tests.Select(test => new MeasuredTest(test, test.Measure(pair))).ToList() : [],
            CertainDrift = OneSideEmpty(reference.Count, current.Count, "value") ?? Unseen(unseen, reference, newCategoryShare),
            NewCategories = unseen.Take(ListedCategories).ToList(),
            MissingCategories = Only(reference, current).Take(ListedCategories).ToList(),
            NullShareReference = Share(reference.Nulls, reference.Rows),
            NullShareCurrent = Share(current.Nulls, current.Rows),
            Bins = Bins(pair),
            Note = Join([
                NoValues(reference.Count, current.Count),
                reference.Counts.Count == 1 ? $"The reference is constant ({reference.Counts.Keys.First()})." : null,
                unseen.Count > ListedCategories ? $"{unseen.Count} new categories; the {ListedCategories} most frequent are listed." : null,
            ]),
        };
    }

    private static List<MeasuredTest> Run(NumericPair pair, IReadOnlyList<DriftTest> tests) => tests.Select(test => new MeasuredTest(test, test.Measure(pair))).ToList();

    private static string? OneSideEmpty(long reference, long current, string what) => (reference, current) switch
    {
        (0, > 0) => $"the reference has no {what}, the current rows have {current:N0}",
        (> 0, 0) => $"the reference has {reference:N0} {what}s, the current rows have none",
        _ => null,
    };

    private static string? NoValues(long reference, long current) => (reference, current) switch
    {
        (0, 0) => "Neither side has a value.",
        (0, _) => "The reference has no value.",
        (_, 0) => "The current rows have no value.",
        _ => null,
    };

    private static string? NotFinite(long count, string side) =>
        count > 0 ? $"{count:N0} NaN or infinite values of the {side} rows were left out." : null;

    private static string? Unseen(IReadOnlyList<CategoryShare> unseen, CategoryColumn reference, double share)
    {
        var large = unseen.TakeWhile(one => one.Share >= share).ToList();
        if (large.Count == 0)
        {
            // Rows in categories not seen before are expected as often as the reference has categories of one row (Good 1953, Biometrika 40, 237-264).
            double together = unseen.Sum(one => one.Share), expected = Share(reference.Counts.Values.Count(rows => rows == 1), reference.Count);
            return reference.Count > 0 && together - expected >= ManyNew * share
                ? string.Create(CultureInfo.InvariantCulture, $"{unseen.Count:N0} new categories, which hold {together:P1} of the current rows")
                : null;
        }
        string names = string.Join(", ", large.Take(5).Select(one => string.Create(CultureInfo.InvariantCulture, $"'{one.Category}' ({one.Share:P1} of the current rows)")));
        return $"new {(large.Count == 1 ? "category" : "categories")} {names}{(large.Count > 5 ? $" and {large.Count - 5} more" : "")}";
    }

    private static List<CategoryShare> Only(CategoryColumn side, CategoryColumn other)
    {
        var only = new List<CategoryShare>();
        foreach (var (category, rows) in side.Counts)
            if (!other.Counts.ContainsKey(category))
                only.Add(new(category, rows, (double)rows / side.Count));
        only.Sort((a, b) => a.Rows != b.Rows ? b.Rows.CompareTo(a.Rows) : string.CompareOrdinal(a.Category, b.Category));
        return only;
    }

    private static DriftBins? Bins(NumericColumn reference, NumericColumn current)
    {
        if (reference.Count == 0 && current.Count == 0)
            return null;
        // A side without values is drawn as zeros over the other side's bins.
        var some = reference.Count > 0 ? reference : current;
        var other = current.Count > 0 ? current : reference;
        var edges = NumericBins.ForChart(some.Values, other.Values);
        return new() { Edges = edges, ReferenceShares = Shares(reference, edges), CurrentShares = Shares(current, edges) };
    }

    private static List<double> Shares(NumericColumn column, double[] edges) =>
        NumericBins.Count(column.Values, edges.AsSpan(1, edges.Length - 2)).Select(count => Share(count, column.Count)).ToList();

    private static DriftBins? Bins(CategoryPair pair)
    {
        if (pair.Names.Count == 0)
            return null;
        var cells = new List<Cell>(pair.Names.Count);
        for (int i = 0; i < pair.Names.Count; i++)
            cells.Add(new(pair.Names[i], Share(pair.Counts.Reference[i], pair.Reference.Count), Share(pair.Counts.Current[i], pair.Current.Count)));
        cells.Sort((a, b) => a.Largest != b.Largest ? b.Largest.CompareTo(a.Largest) : string.CompareOrdinal(a.Name, b.Name));
        var (names, reference, current) = (new List<string>(), new List<double>(), new List<double>());
        foreach (var cell in cells.Take(DrawnCategories).Append(Together(cells[Math.Min(DrawnCategories, cells.Count)..])).OfType<Cell>())
        {
            names.Add(cell.Name);
            reference.Add(cell.Reference);
            current.Add(cell.Current);
        }
        return new() { Categories = names, ReferenceShares = reference, CurrentShares = current };
    }

    // One cell for what is not drawn; null when everything is.
    private static Cell? Together(List<Cell> cells)
    {
        if (cells.Count == 0)
            return null;
        var (reference, current) = (0.0, 0.0);
        foreach (var cell in cells)
            (reference, current) = (reference + cell.Reference, current + cell.Current);
        return new($"({cells.Count:N0} others)", reference, current);
    }

    private static string? Join(IEnumerable<string?> notes) => string.Join(" ", notes.OfType<string>()) is { Length: > 0 } text ? text : null;

    private static double Share(long count, long total) => total == 0 ? 0 : (double)count / total;

    // A bar of each side.
    private sealed record Cell(string Name, double Reference, double Current)
    {
        public double Largest => Math.Max(Reference, Current);
    }
}
