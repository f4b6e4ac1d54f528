using System.Globalization;
using Workbench.Drift;

namespace Workbench.Reports;

/// <summary>What a drift page says of a column and a test; the table and the script say the same.</summary>
internal static class DriftPageText
{
    public static string Kind(ColumnDrift column) => column.Kind.ToString().ToLowerInvariant();

    public static string Role(ColumnDrift column) => column.Role.ToString().ToLowerInvariant();

    /// <summary>The adjusted p-value that has a say in the verdict, else the first that there is.</summary>
    public static double? PValue(ColumnDrift column) =>
        (column.Tests.FirstOrDefault(test => test.AdjustedPValue is not null && test.Role != DriftRole.Informs) ?? column.Tests.FirstOrDefault(test => test.AdjustedPValue is not null))?.AdjustedPValue;

    /// <summary>When a test sees drift, such as "statistic ≥ 0.2".</summary>
    public static string Limit(DriftTestResult test) => test.Threshold >= double.MaxValue ? "never"
        : string.Create(CultureInfo.InvariantCulture, $"{(test.IsByPValue ? "p" : "statistic")} {test.Direction.Sign()} {test.Threshold:G4}{(test.ConfirmLevel is { } level ? $" and p ≤ {level:G3}" : "")}");

    /// <summary>Four digits, as drift.js writes them; a dash for none.</summary>
    public static string Number(double? number) => number switch
    {
        null => "–",
        0 => "0",
        { } value when Math.Abs(value) is < 1e-3 or >= 1e7 => value.ToString("0.00e+0", CultureInfo.InvariantCulture),
        { } value => value.ToString("G4", CultureInfo.InvariantCulture),
    };

    public static string Percent(double share) => share switch
    {
        0 => "0 %",
        < 0.001 => string.Create(CultureInfo.InvariantCulture, $"{share * 100:G1} %"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:F1} %"),
    };

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>The address of a column's view inside the page.</summary>
    public static string Address(string column) => "#column=" + Uri.EscapeDataString(column);

    /// <summary>A link to a column's view.</summary>
    public static string Link(string column) => $"<a href=\"{Address(column)}\">{HtmlText.Encode(column)}</a>";
}
