using System.Collections;
using System.Globalization;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows sequences: items with columns as a table, scalars as a list.</summary>
internal static class SequenceTables
{
    private const int ListedItems = 100;

    public static MimeBundle Format(IEnumerable sequence, int maximumRows = ShownTable.MaximumRows)
    {
        var declared = SequenceItems.DeclaredType(sequence);
        var taken = SequenceItems.Take(sequence, maximumRows);
        var items = taken.Items.OfType<object>().ToList();
        var type = RowShape.CommonType(items, declared);
        if (items.TrueForAll(item => ValueText.IsScalar(item.GetType())) && (items.Count > 0 || ValueText.IsScalar(Nullable.GetUnderlyingType(declared) ?? declared) || declared == typeof(object)))
            return List(taken);
        var shape = type is null ? Mixed() : RowShape.Of(type, items) ?? Values(type);
        return Show(shape, taken, $"of {Kind(declared, type)}");
    }

    private static string Kind(Type declared, Type? type) => declared == typeof(object) || declared.IsAssignableTo(typeof(IEnumerable)) ? type is null ? "objects" : TypeName.Of(type) : TypeName.Of(declared);

    private static MimeBundle Show(RowShape shape, SequenceItems taken, string kind)
    {
        int columns = Math.Min(shape.Columns.Count, ShownTable.MaximumColumns);
        return new ShownTable
        {
            Columns = shape.Columns.Take(columns).ToList(),
            Rows = taken.Items.Select(item => Row(shape, item)[..columns]).ToList(),
            TotalRows = taken.Total,
            TotalColumns = shape.Columns.Count,
            Kind = kind,
            Failure = taken.Failure,
        }.ToBundle();
    }

    private static object?[] Row(RowShape shape, object? item)
    {
        if (item is null)
            return new object?[shape.Columns.Count];
        try
        {
            return shape.Read(item);
        }
        catch (Exception failure) when (FormatFailure.IsOfTheValue(failure))
        {
            return Enumerable.Repeat((object?)new CellFailure(FormatFailure.Describe(failure)), shape.Columns.Count).ToArray();
        }
    }

    private static RowShape Mixed() => new([new("type", "", false), new("value", "", false)], item => [TypeName.Of(item.GetType()), item]);

    private static RowShape Values(Type type) => new([new("value", TypeName.Of(type), ValueText.IsNumeric(type))], item => [item]);

    private static MimeBundle List(SequenceItems taken)
    {
        var shown = taken.Items.Take(ListedItems).ToList();
        bool more = taken.Total is null || taken.Total > shown.Count;
        var count = taken.Total switch
        {
            null when taken.Failure is not null => "",
            null => $" (first {shown.Count} items, there are more)",
            1 => " (1 item)",
            _ => string.Create(CultureInfo.InvariantCulture, $" ({taken.Total:N0} items{(more ? $", the first {shown.Count} shown" : "")})"),
        };
        var text = ValueText.List(shown, more) + count + (taken.Failure is null ? "" : "\n" + taken.Failure);
        return MimeBundle.Of("text/plain", text, text);
    }
}
