using System.Collections;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Turns any value into the forms that a front end can show.</summary>
internal static class OutputFormatter
{
    /// <summary>The value in all forms that suit it. Never fails because of the value: what it throws is shown.</summary>
    public static MimeBundle Format(object? value)
    {
        if (value is null)
            return MimeBundle.Of("text/plain", "null", "null");
        try
        {
            return RegisteredFormatters.TryFormat(value) ?? OwnForms(value, ShownTable.MaximumRows) ?? RegisteredFormatters.Fallback(value);
        }
        catch (Exception failure) when (FormatFailure.IsOfTheValue(failure))
        {
            return FormatFailure.Show(value, failure);
        }
    }

    /// <summary>The value in these forms only. A text is taken as the content of the form.</summary>
    /// <exception cref="ArgumentException">The value has no such form.</exception>
    public static MimeBundle Format(object? value, IReadOnlyList<string> mimeTypes)
    {
        if (mimeTypes.Count == 0)
            return Format(value);
        var all = value is string ? new JsonObject() : Format(value).Data;
        var data = new JsonObject();
        foreach (var mimeType in mimeTypes)
            data[mimeType] = value is string text ? text
                : all[mimeType]?.DeepClone() ?? (value is null ? null : RegisteredFormatters.TryFormat(value, mimeType))
                ?? throw new ArgumentException($"{(value is null ? "null" : TypeName.Of(value.GetType()))} cannot be shown as '{mimeType}'.{Suggestion.DidYouMean(mimeType, all.Select(form => form.Key))} Its forms: {string.Join(", ", all.Select(form => form.Key))}.");
        return new(data);
    }

    /// <summary>Rows as a table of at most <paramref name="maximumRows"/> rows; null when the value has no rows.</summary>
    public static MimeBundle? TryFormatTable(object value, int maximumRows) =>
        DataTables.TryFormat(value, maximumRows) ?? ArrayFormatter.TryFormat(value, maximumRows) ?? (value is IEnumerable rows and not string ? SequenceTables.Format(rows, maximumRows) : null);

    // TorchSharp's own formatter source prints every value of a tensor, however large: ours comes before sources.
    private static MimeBundle? OwnForms(object value, int maximumRows) =>
        SimpleValues.TryFormat(value) ?? FigureFormatter.TryFormat(value) ?? DriftReportFormatter.TryFormat(value) ?? TensorFormatter.TryFormat(value) ?? ModuleFormatter.TryFormat(value)
        ?? RegisteredFormatters.TryFormatBySource(value) ?? TryFormatTable(value, maximumRows);
}
