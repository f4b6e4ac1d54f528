using Workbench.Data;
using Workbench.Drift.Quality.Scanning;

namespace Workbench.Drift.Expectations;

/// <summary>The table that is checked, as far as it is known before its rows are read.</summary>
internal sealed class CheckedTable(string relation, long rows, IReadOnlyList<TableColumn> columns, DateTimeOffset now)
{
    private readonly Dictionary<string, string> _types = columns.ToDictionary(column => column.Name, column => column.Type, StringComparer.Ordinal);

    /// <summary>What stands behind FROM.</summary>
    public string Relation => relation;
    public long Rows => rows;
    public DateTimeOffset Now => now;
    public IReadOnlyList<string> Names { get; } = [.. columns.Select(column => column.Name)];

    public bool Has(string column) => _types.ContainsKey(column);

    /// <summary>A column that is there.</summary>
    public CheckedColumn Column(string name) => new(DuckSession.Identifier(name), _types[name], ValueKinds.Of(_types[name]));
}

/// <summary>A column in SQL.</summary>
internal sealed record CheckedColumn(string Sql, string Type, ValueKind Kind)
{
    /// <summary>True where a value is there.</summary>
    public string IsPresent => ColumnSql.IsPresent(Sql, Kind, Type);

    /// <summary>True where a value is there and not infinite.</summary>
    public string IsFinite => ColumnSql.HoldsInfinity(Kind, Type) ? $"({IsPresent} AND isfinite({Sql}))" : IsPresent;

    /// <summary>The value as DOUBLE; NULL where it is no number.</summary>
    public string Number => Kind.IsNumeric() ? $"{Sql}::DOUBLE" : $"TRY_CAST({Sql}::VARCHAR AS DOUBLE)";

    /// <summary>The value in microseconds since 1970; NULL where it is no time.</summary>
    public string Time => Kind == ValueKind.Time ? ColumnSql.Microseconds(Sql, Type) : $"epoch_us(TRY_CAST({Sql}::VARCHAR AS TIMESTAMP))";
}
