namespace Workbench.Drift.Dialects;

/// <summary>What one engine spells its own way; all else in the statements is common SQL.</summary>
internal abstract class DialectText
{
    /// <summary>All bits but the sign.</summary>
    public const long NotSign = long.MaxValue;

    public static DialectText Of(SqlDialect dialect) => dialect switch
    {
        SqlDialect.DuckDb => new DuckDbText(),
        SqlDialect.Postgres => new PostgresText(),
        SqlDialect.Trino => new TrinoText(),
        SqlDialect.Spark => new SparkText(),
        _ => throw new ArgumentOutOfRangeException(nameof(dialect), dialect, $"Known: {string.Join(", ", Enum.GetNames<SqlDialect>())}."),
    };

    public virtual string Identifier(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>The name of the 64-bit floating type.</summary>
    public abstract string Double { get; }
    public virtual string Text => "VARCHAR";
    /// <summary>A literal that no finite number reaches.</summary>
    public abstract string Infinity { get; }
    /// <summary>The IEEE 754 bits of a double that is finite and not -0, as a signed 64-bit integer.</summary>
    public abstract string Bits(string value);
    public abstract string Xor(string bits, long mask);
    public virtual string And(string bits, long mask) => $"{bits} & {mask}";
    /// <summary>Shifts right and keeps the sign.</summary>
    public virtual string ShiftRight(string bits, int places) => $"{bits} >> {places}";
    /// <summary>A sum of 64-bit integers that cannot overflow.</summary>
    public virtual string Sum(string integer) => $"sum({integer})";
    /// <summary>Stands at the end of a subquery whose results must not be computed again wherever they are used.</summary>
    public virtual string Once => "";
}
