namespace Workbench.Drift.Quality.Scanning;

/// <summary>The columns of one side as they were counted, in their order.</summary>
internal sealed record TableProfile(string Name, long Rows, IReadOnlyList<ColumnProfile> Columns)
{
    private readonly Dictionary<string, ColumnProfile> _byName = Columns.ToDictionary(column => column.Column, StringComparer.Ordinal);

    public ColumnProfile? Find(string column) => _byName.GetValueOrDefault(column);
}
