using System.Data;
using DuckDB.NET.Data;
using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class DataTableTests
{
    [Fact]
    public void Format_DataFrame_HasTypesAndNulls()
    {
        var frame = new DataFrame(new StringDataFrameColumn("a<b", ["x", null!]), new Int32DataFrameColumn("n", [1, null]));

        Assert.Equal(["a<b|n", "x|1", "null|null"], Shown.Rows(frame)[..3]);
        Assert.Contains("<small>Int32, 1 null</small>", Shown.Html(frame), StringComparison.Ordinal);
        Assert.EndsWith("2 rows × 2 columns", Shown.Text(frame), StringComparison.Ordinal);
        Assert.Equal("0 rows × 0 columns", Shown.Text(new DataFrame()));
        Assert.Contains("name", Shown.Lines(frame.Columns)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Format_DataTable_MarksDBNull()
    {
        using var table = Prices();

        Assert.Equal(["day|price", "2024-03-01|1.5", "2024-03-02|null"], Shown.Rows(table)[..3]);
        Assert.Contains("<small>DateTime</small>", Shown.Html(table), StringComparison.Ordinal);
        Assert.Equal("1 row × 2 columns", Shown.Lines(new DataView(table, "price > 1", "", DataViewRowState.CurrentRows))[^1]);
        Assert.Equal(["day|price", "2024-03-01|1.5"], Shown.Rows(table.Rows.Cast<DataRow>())[..2]);
    }

    [Fact]
    public void Format_Reader_TellsThatItsRowsAreTaken()
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT i, CASE WHEN i = 1 THEN NULL ELSE 'v' || i END AS v FROM range(2) r(i)";
        using var reader = command.ExecuteReader();

        var lines = Shown.Rows(reader);
        Assert.Equal(["i|v", "0|v0", "1|null"], lines[..3]);
        Assert.StartsWith("2 rows × 2 columns taken from the reader", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Format_DataView_OfMachineLearning_ShowsRows()
    {
        Assert.Equal(["word|n", "x|1", "y|2"], Shown.Rows(new Wrapped())[..3]);
    }

    private static DataTable Prices()
    {
        var table = new DataTable("prices");
        table.Columns.Add("day", typeof(DateTime));
        table.Columns.Add("price", typeof(double));
        table.Rows.Add(new DateTime(2024, 3, 1), 1.5);
        table.Rows.Add(new DateTime(2024, 3, 2), DBNull.Value);
        return table;
    }

    // A DataFrame is an IDataView itself; this hides that it is a DataFrame.
    private sealed class Wrapped : IDataView
    {
        private readonly IDataView _inner = new DataFrame(new StringDataFrameColumn("word", ["x", "y"]), new SingleDataFrameColumn("n", [1f, 2f]));

        public bool CanShuffle => _inner.CanShuffle;
        public DataViewSchema Schema => _inner.Schema;
        public long? GetRowCount() => _inner.GetRowCount();
        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => _inner.GetRowCursor(columnsNeeded, rand);
        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => _inner.GetRowCursorSet(columnsNeeded, n, rand);
    }
}
