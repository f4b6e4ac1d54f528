using System.Globalization;
using System.Text;
using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A column on its way from PostgreSQL into DuckDB.</summary>
/// <param name="Name">Its name on both sides.</param>
/// <param name="Sent">What the server selects.</param>
/// <param name="Kept">Type in DuckDB's table.</param>
/// <param name="Read">What is selected from that table.</param>
/// <param name="Append">Reads a value that is not NULL, of that many bytes, and puts it into the row.</param>
internal sealed record PostgresField(string Name, string Sent, string Kept, string Read, Action<PostgresBinary, int, IDuckDBAppenderRow> Append)
{
    // PostgreSQL counts days and microseconds from the year 2000 on; the last and first numbers are infinite.
    private const string DaysFrom = "DATE '2000-01-01'";
    private const long MicrosecondsFrom = 946_684_800_000_000;

    /// <param name="name">The column.</param>
    /// <param name="type">Its type as <see cref="PostgresTypes"/> calls it.</param>
    public static PostgresField Of(string name, string type)
    {
        string column = DuckSession.Identifier(name);
        return type switch
        {
            PostgresTypes.Boolean => Plain((rows, _, row) => row.AppendValue(rows.ReadBoolean())),
            "SMALLINT" => Plain((rows, _, row) => row.AppendValue(rows.ReadInt16())),
            "INTEGER" => Plain((rows, _, row) => row.AppendValue(rows.ReadInt32())),
            "BIGINT" => Plain((rows, _, row) => row.AppendValue(rows.ReadInt64())),
            PostgresTypes.Float => Plain((rows, _, row) => row.AppendValue(rows.ReadSingle())),
            PostgresTypes.Double => Plain((rows, _, row) => row.AppendValue(rows.ReadDouble())),
            "UUID" => Plain((rows, bytes, row) => row.AppendValue(new Guid(rows.Take(bytes), bigEndian: true))),
            "DATE" => new(name, column, "INTEGER", Time("DATE", int.MinValue, int.MaxValue, $"{DaysFrom} + {column}"), (rows, _, row) => row.AppendValue(rows.ReadInt32())),
            "TIMESTAMP" => new(name, column, "BIGINT", Time(type, long.MinValue, long.MaxValue, $"make_timestamp({column} + {MicrosecondsFrom})"), (rows, _, row) => row.AppendValue(rows.ReadInt64())),
            "TIMESTAMP WITH TIME ZONE" => new(
                name, column, "BIGINT", Time(type, long.MinValue, long.MaxValue, $"make_timestamptz({column} + {MicrosecondsFrom})"), (rows, _, row) => row.AppendValue(rows.ReadInt64())),
            _ when IsDecimal(type) => Plain((rows, _, row) => row.AppendValue(PostgresNumeric.Read(rows, name))),
            _ => ColumnKinds.OfType(type) switch
            {
                DriftColumnKind.Numeric => new(name, $"{column}::float8", "DOUBLE", column, (rows, _, row) => row.AppendValue(rows.ReadDouble())),
                DriftColumnKind.Embedding => new(name, $"{column}::float8[]", "DOUBLE[]", column, (rows, _, row) => AppendList(rows, row)),
                _ => new(name, $"{column}::text", "VARCHAR", column, (rows, bytes, row) => row.AppendValue(Encoding.UTF8.GetString(rows.Take(bytes)))),
            },
        };

        PostgresField Plain(Action<PostgresBinary, int, IDuckDBAppenderRow> append) => new(name, column, type, column, append);

        string Time(string into, long least, long most, string finite) => string.Create(
            CultureInfo.InvariantCulture, $"CASE {column} WHEN CAST('{most}' AS BIGINT) THEN CAST('infinity' AS {into}) WHEN CAST('{least}' AS BIGINT) THEN CAST('-infinity' AS {into}) ELSE {finite} END");
    }

    // "DECIMAL(10,2)"; one without digits, or with more than a decimal holds, is read as DOUBLE.
    private static bool IsDecimal(string type) =>
        type.StartsWith("DECIMAL(", StringComparison.Ordinal) && type.EndsWith(')')
        && type["DECIMAL(".Length..^1].Split(',') is [var precision, var scale]
        && int.Parse(precision, CultureInfo.InvariantCulture) is var digits and <= PostgresNumeric.MostDigits
        && int.Parse(scale, CultureInfo.InvariantCulture) is >= 0 and var decimals && decimals <= digits;

    // Arrays of several dimensions become one list.
    private static void AppendList(PostgresBinary rows, IDuckDBAppenderRow row)
    {
        int dimensions = rows.ReadInt32(), length = dimensions == 0 ? 0 : 1;
        bool hasNulls = rows.ReadInt32() != 0;
        rows.ReadInt32(); // the members' type
        for (int i = 0; i < dimensions; i++)
        {
            length *= rows.ReadInt32();
            rows.ReadInt32(); // the first index
        }
        if (hasNulls)
        {
            var some = new double?[length];
            for (int i = 0; i < length; i++)
                some[i] = rows.ReadInt32() == PostgresBinary.Null ? null : rows.ReadDouble();
            row.AppendValue<double?>(some);
            return;
        }
        var members = new double[length];
        for (int i = 0; i < length; i++)
        {
            rows.ReadInt32(); // its length
            members[i] = rows.ReadDouble();
        }
        row.AppendValue<double>(members);
    }
}
