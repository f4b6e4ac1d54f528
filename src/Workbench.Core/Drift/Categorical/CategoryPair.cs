namespace Workbench.Drift.Categorical;

/// <summary>A categorical column on both sides; each has at least one row with a category.</summary>
internal sealed record CategoryPair
{
    private CategoryColumn? _reference, _current;

    public CategoryPair(CategoryColumn reference, CategoryColumn current)
    {
        (_reference, _current) = (reference, current);
        Names = reference.Counts.Keys.Union(current.Counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Counts = new(Names.Select(name => reference.Counts.GetValueOrDefault(name)).ToArray(), Names.Select(name => current.Counts.GetValueOrDefault(name)).ToArray());
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

    private static CategoryColumn Column(IReadOnlyList<string> names, long[] counts) =>
        new(Enumerable.Range(0, counts.Length).Where(i => counts[i] > 0).ToDictionary(i => names[i], i => counts[i], StringComparer.Ordinal), 0);
}
