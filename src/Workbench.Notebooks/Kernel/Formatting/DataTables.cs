using System.Data;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Shows the tables of data libraries: DataFrame, DataTable, DataView, DataSet, IDataReader, and ML.NET's IDataView.</summary>
internal static class DataTables
{
    /// <summary>The value as a table, or null when it is none of these.</summary>
    public static MimeBundle? TryFormat(object value, int maximumRows = ShownTable.MaximumRows) => value switch
    {
        DataFrame frame => Table(frame, maximumRows).ToBundle(),
        DataFrameColumn column => Table(new DataFrame(column), maximumRows).ToBundle(),
        DataTable table => Table(table, table.Rows.Cast<DataRow>().Select(row => row.ItemArray), table.Rows.Count, maximumRows).ToBundle(),
        DataView { Table: { } table } view => Table(table, view.Cast<DataRowView>().Select(row => row.Row.ItemArray), view.Count, maximumRows).ToBundle(),
        DataSet set => Tables(set, maximumRows),
        IDataReader reader => Table(reader, maximumRows).ToBundle(),
        IDataView view => DataViewTable.Read(view, maximumRows).ToBundle(),
        _ => null,
    };

    public static IReadOnlyList<ShownColumn> Columns(DataTable table) => table.Columns.Cast<DataColumn>().Take(ShownTable.MaximumColumns)
        .Select(column => new ShownColumn(column.ColumnName, TypeName.Of(column.DataType), ValueText.IsNumeric(column.DataType))).ToList();

    private static ShownTable Table(DataFrame frame, int maximumRows)
    {
        var shown = frame.Columns.Take(ShownTable.MaximumColumns).ToList();
        long rows = frame.Columns.Count == 0 ? 0 : frame.Rows.Count;
        return new()
        {
            Columns = shown.Select(column => new ShownColumn(column.Name, Describe(column), ValueText.IsNumeric(column.DataType))).ToList(),
            Rows = Enumerable.Range(0, (int)Math.Min(maximumRows, rows)).Select(row => shown.Select(column => column[row]).ToArray()).ToList(),
            TotalRows = rows,
            TotalColumns = frame.Columns.Count,
        };
    }

    private static string Describe(DataFrameColumn column) => column.NullCount == 0
        ? TypeName.Of(column.DataType)
        : string.Create(CultureInfo.InvariantCulture, $"{TypeName.Of(column.DataType)}, {column.NullCount:N0} null");

    private static ShownTable Table(DataTable table, IEnumerable<object?[]> rows, int count, int maximumRows)
    {
        var columns = Columns(table);
        return new()
        {
            Columns = columns,
            Rows = rows.Take(maximumRows).Select(row => row[..columns.Count]).ToList(),
            TotalRows = count,
            TotalColumns = table.Columns.Count,
        };
    }

    // A reader goes forward only: what is shown here is gone for the code that comes after.
    private static ShownTable Table(IDataReader reader, int maximumRows)
    {
        if (reader.IsClosed)
            return new() { Columns = [], Rows = [], TotalRows = 0, Failure = "The reader is closed." };
        int width = Math.Min(reader.FieldCount, ShownTable.MaximumColumns);
        var rows = new List<object?[]>();
        bool more = false;
        while (rows.Count < maximumRows && (more = reader.Read()))
            rows.Add(Enumerable.Range(0, width).Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column)).ToArray());
        return new()
        {
            Columns = Enumerable.Range(0, width).Select(column => new ShownColumn(reader.GetName(column), TypeName.Of(reader.GetFieldType(column)), ValueText.IsNumeric(reader.GetFieldType(column)))).ToList(),
            Rows = rows,
            TotalRows = more ? null : rows.Count,
            TotalColumns = reader.FieldCount,
            Kind = "taken from the reader, which now stands behind them",
        };
    }

    private static MimeBundle Tables(DataSet set, int maximumRows)
    {
        var tables = set.Tables.Cast<DataTable>().Select(table => (table.TableName, Shown: Table(table, table.Rows.Cast<DataRow>().Select(row => row.ItemArray), table.Rows.Count, maximumRows))).ToList();
        var html = new StringBuilder();
        foreach (var (name, shown) in tables)
            html.Append($"<h4>{WebUtility.HtmlEncode(name)}</h4>{TableHtml.Render(shown)}");
        return new(new JsonObject
        {
            ["text/html"] = html.ToString(),
            ["text/plain"] = tables.Count == 0 ? "DataSet without tables" : string.Join("\n\n", tables.Select(table => $"{table.TableName}\n{TableText.Render(table.Shown)}")),
        });
    }
}
