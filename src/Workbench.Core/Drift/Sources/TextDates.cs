using System.Text.RegularExpressions;

namespace Workbench.Drift.Sources;

/// <summary>Finds dates and times that are written as text, by some values.</summary>
internal static partial class TextDates
{
    private const int Looked = 100;

    /// <summary>An example when all values looked at are dates in the order year, month, day (ISO 8601), or null.</summary>
    public static string? Example(string column, ColumnReader reader, CancellationToken cancellationToken)
    {
        var values = reader.Samples(column, Looked, cancellationToken);
        return values.Count > 0 && values.All(IsDate) ? values[0] : null;
    }

    // Most texts are none by their fifth character: no regular expression is loaded for those.
    private static bool IsDate(string value) => value.Length >= 10 && value[4] == '-' && IsoDate().IsMatch(value);

    [GeneratedRegex(@"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ T]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$")]
    private static partial Regex IsoDate();
}
