using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Reads numeric values of up to 28 digits in PostgreSQL's binary form: digits to the base 10,000 (numeric_send in its numeric.c).</summary>
internal static class PostgresNumeric
{
    /// <summary>Digits that a decimal holds, whatever they are.</summary>
    public const int MostDigits = 28;

    private const short Positive = 0, Negative = 0x4000;

    /// <exception cref="DataException">The value is NaN, which no decimal is.</exception>
    public static decimal Read(PostgresBinary rows, string column)
    {
        short groups = rows.ReadInt16(), weight = rows.ReadInt16(), sign = rows.ReadInt16();
        rows.ReadInt16(); // how many decimals are shown
        if (sign is not (Positive or Negative))
            throw new DataException($"Column '{column}' holds NaN in a numeric, which DuckDB's DECIMAL does not know. Leave it out, or give a query with {DuckSession.Identifier(column)}::float8.") { Column = column };
        decimal value = 0;
        for (int i = 0; i < groups; i++)
        {
            decimal group = rows.ReadInt16();
            for (int power = weight - i; power > 0; power--)
                group *= 10_000m;
            for (int power = weight - i; power < 0; power++)
                group /= 10_000m;
            value += group;
        }
        return sign == Negative ? -value : value;
    }
}
