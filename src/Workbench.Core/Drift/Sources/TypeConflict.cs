using System.Globalization;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Says what to do about a column that has another type on each side, or a text where a number is needed.</summary>
internal static class TypeConflict
{
    private const string Text = "VARCHAR";

    /// <summary>The note of a column whose type changed.</summary>
    public static string Explain(string column, (string Type, ColumnReader Reader) reference, (string Type, ColumnReader Reader) current, CancellationToken cancellationToken)
    {
        string what = $"Not compared further: {reference.Type} became {current.Type}.";
        return (IsNumber(reference.Type), IsNumber(current.Type)) switch
        {
            (true, false) when current.Type == Text => $"{what} {Numbers("current rows", current.Reader.TextNumbers(column, cancellationToken))}",
            (false, true) when reference.Type == Text => $"{what} {Numbers("reference", reference.Reader.TextNumbers(column, cancellationToken))}",
            _ => $"{what} Mend the source, or set the column's kind to compare it as that.",
        };
    }

    /// <summary>Refuses text that is to be compared as numbers and is none.</summary>
    /// <exception cref="DataException">A value is no number.</exception>
    public static void RequireNumbers(string source, string column, string type, ColumnReader reader, CancellationToken cancellationToken)
    {
        if (type != Text || reader.TextNumbers(column, cancellationToken) is not { Other: { } other } numbers)
            return;
        throw new DataException(
            $"Column '{column}' of '{source}' is to be compared as numbers, and {Share(numbers)} of its values are none, such as '{other}'. "
            + "Mend them, leave them empty, or set the column's kind to Categorical.")
        { Origin = source, Column = column, Value = other };
    }

    private static string Numbers(string side, TextNumbers numbers) => numbers.Other is null
        ? string.Create(CultureInfo.InvariantCulture, $"All {numbers.Values:N0} values of the {side} are numbers written as text: write them as numbers, or set the column's kind to Numeric, which reads them so.")
        : $"Of the {side}, {Share(numbers)} values are no numbers, such as '{numbers.Other}': mend the source, or set the column's kind to Categorical.";

    private static string Share(TextNumbers numbers) => string.Create(CultureInfo.InvariantCulture, $"{numbers.Values - numbers.Numbers:N0} of {numbers.Values:N0}");

    private static bool IsNumber(string type) => ColumnKinds.OfType(type) == DriftColumnKind.Numeric;
}
