namespace Workbench.Drift.Categorical;

/// <summary>A categorical column on both sides; each has at least one row with a category.</summary>
internal sealed record CategoryPair
{
    private CategoryColumn? _reference, _current;

    public CategoryPair(CategoryColumn reference, CategoryColumn current)
    {
        (_reference, _current) = (reference, current);
        var names = new List<string>(reference.Counts.Count);
        foreach (string name in reference.Counts.Keys)
            names.Add(name);
        foreach (string name in current.Counts.Keys)
            if (!reference.Counts.ContainsKey(name))
                names.Add(name);
        names.Sort(StringComparer.Ordinal);
        (Names, Counts) = (names, new(RowsOf(names, reference.Counts), RowsOf(names, current.Counts)));
    }

    /// <summary>The same from counts over one list of names in ordinal order.</summary>
    public CategoryPair(IReadOnlyList<string> names, ShareTable counts)
    {
        (Names, Counts) = (names, counts);
    }

    public CategoryColumn Reference => _reference ??= Column(Names, Counts.Reference);
    public CategoryColumn Current => _current ??= Column(Names, Counts.Current);
    /// <summary>The categories of both sides, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }
    /// <summary>Rows, in the order of <see cref="Names"/>.</summary>
    public ShareTable Counts { get; }

    private static long[] RowsOf(List<string> names, Dictionary<string, long> counts)
    {
        long[] rows = new long[names.Count];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = counts.GetValueOrDefault(names[i]);
        return rows;
    }

    private static CategoryColumn Column(IReadOnlyList<string> names, long[] counts) =>
        new(Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).ToDictionary(i => names[i], i => counts[i], StringComparer.Ordinal), 0);
}
