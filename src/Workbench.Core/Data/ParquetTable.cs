namespace Workbench.Data;

/// <summary>Checks Parquet files by their footers.</summary>
internal static class ParquetTable
{
    private sealed record Description(string ColumnName, string ColumnType);

    public static TableFile Open(DuckSession session, string path, IReadOnlyList<string> files, IReadOnlyList<string> required, IReadOnlyList<string> numeric)
    {
        List<TableColumn>? first = null;
        foreach (string file in files)
        {
            var columns = Columns(session, file);
            TableFile.RequireColumns(file, columns, required.Concat(numeric));
            if (columns.Find(column => !column.IsNumeric && numeric.Contains(column.Name, StringComparer.OrdinalIgnoreCase)) is { } text)
                throw new DataException($"Column '{text.Name}' of '{file}' is a {text.Type}, and a number is needed. Write it as DOUBLE or an integer, or use it as a category.") { Origin = file, Column = text.Name, Value = text.Type };
            first ??= columns;
        }
        // By name: a later file may have further columns.
        return new() { Path = path, Files = files, Columns = first!, Relation = $"read_parquet({TableFile.List(files)}, union_by_name = true)" }; // at least one file
    }

    private static List<TableColumn> Columns(DuckSession session, string file)
    {
        try
        {
            return [.. session.Query<Description>($"DESCRIBE SELECT * FROM read_parquet({TableFile.List([file])})").Select(row => new TableColumn(row.ColumnName, row.ColumnType))];
        }
        catch (DataException failure)
        {
            throw new DataException($"'{file}' is no readable Parquet file: {failure.InnerException?.Message.Split('\n')[0]} Write it again, or delete it.", failure) { Origin = file };
        }
    }
}
