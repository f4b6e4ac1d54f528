namespace Workbench.Drift.Categorical;

/// <summary>A categorical column on both sides; each has at least one row with a category.</summary>
internal sealed record CategoryPair
{
    public CategoryPair(CategoryColumn reference, CategoryColumn current)
    {
        Reference = reference;
        Current = current;
        Names = reference.Counts.Keys.Union(current.Counts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Counts = new(Names.Select(name => reference.Counts.GetValueOrDefault(name)).ToArray(), Names.Select(name => current.Counts.GetValueOrDefault(name)).ToArray());
    }

    public CategoryColumn Reference { get; }
    public CategoryColumn Current { get; }
    /// <summary>The categories of both sides, in ordinal order.</summary>
    public IReadOnlyList<string> Names { get; }
    /// <summary>Rows, in the order of <see cref="Names"/>.</summary>
    public ShareTable Counts { get; }
}
