using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>The first rows of ML.NET's IDataView.</summary>
internal static class DataViewTable
{
    private static readonly MethodInfo GetterOf = typeof(DataViewTable).GetMethod(nameof(Getter), BindingFlags.NonPublic | BindingFlags.Static)
        ?? throw new MissingMethodException(nameof(DataViewTable), nameof(Getter));

    public static ShownTable Read(IDataView view, int maximumRows)
    {
        var columns = view.Schema.Where(column => !column.IsHidden).Take(ShownTable.MaximumColumns).ToList();
        var rows = new List<object?[]>();
        bool more = false;
        using (var cursor = view.GetRowCursor(columns))
        {
            var getters = columns.Select(column => (Func<object?>)GetterOf.MakeGenericMethod(column.Type.RawType).Invoke(null, [cursor, column])!).ToList(); // Getter returns one
            while (rows.Count < maximumRows && (more = cursor.MoveNext()))
                rows.Add(getters.Select(getter => getter()).ToArray());
        }
        return new()
        {
            Columns = columns.Select(column => new ShownColumn(column.Name, column.Type.ToString() ?? "", ValueText.IsNumeric(column.Type.RawType))).ToList(),
            Rows = rows,
            TotalRows = more ? view.GetRowCount() : rows.Count,
            TotalColumns = view.Schema.Count(column => !column.IsHidden),
        };
    }

    private static Func<object?> Getter<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var read = row.GetGetter<T>(column);
        var dense = typeof(T).IsGenericType && typeof(T).GetGenericTypeDefinition() == typeof(VBuffer<>) ? typeof(T).GetMethod(nameof(VBuffer<>.DenseValues)) : null;
        return () =>
        {
            T value = default!; // the getter fills it
            read(ref value);
            return value is ReadOnlyMemory<char> text ? text.ToString() : dense?.Invoke(value, null) ?? value;
        };
    }
}
