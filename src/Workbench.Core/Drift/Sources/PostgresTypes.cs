using System.Globalization;

namespace Workbench.Drift.Sources;

/// <summary>PostgreSQL's types by DuckDB's names, which decide how a column is compared.</summary>
internal static class PostgresTypes
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["bool"] = Boolean, ["int2"] = "SMALLINT", ["int4"] = "INTEGER", ["int8"] = "BIGINT", ["float4"] = Float, ["float8"] = Double,
        ["text"] = Text, ["varchar"] = Text, ["bpchar"] = Text, ["name"] = Text, ["char"] = Text, ["citext"] = Text,
        ["date"] = "DATE", ["time"] = "TIME", ["timetz"] = "TIME WITH TIME ZONE", ["timestamp"] = "TIMESTAMP", ["timestamptz"] = "TIMESTAMP WITH TIME ZONE",
        ["interval"] = "INTERVAL", ["uuid"] = "UUID", ["json"] = "JSON", ["jsonb"] = "JSON", ["bytea"] = "BLOB",
    };

    public const string Boolean = "BOOLEAN", Float = "FLOAT", Double = "DOUBLE", Text = "VARCHAR";

    /// <param name="name">pg_type.typname; of a domain that of the type below it.</param>
    /// <param name="kind">pg_type.typtype: b base, c composite, e enum, r range.</param>
    /// <param name="element">Name of an array's element type, or null.</param>
    /// <param name="precision">Digits of a numeric, or null.</param>
    /// <param name="scale">Digits behind the point.</param>
    public static string DuckName(string name, char kind, string? element, int? precision, int? scale) => kind switch
    {
        _ when element is not null => DuckName(element, 'b', null, null, null) + "[]",
        'e' => "ENUM",
        'c' => "STRUCT",
        _ when name == "numeric" => precision is { } digits ? string.Create(CultureInfo.InvariantCulture, $"DECIMAL({digits},{scale ?? 0})") : "DECIMAL",
        _ => Names.TryGetValue(name, out string? known) ? known : name.ToUpperInvariant(),
    };
}
