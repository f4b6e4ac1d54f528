using DuckDB.NET.Data;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>Reads labelled rows from Parquet, CSV or a query into <see cref="TabularData"/>, and refuses what a model could not learn from.</summary>
public static class TabularReader
{
    /// <summary>
    /// Reads the schema's columns of one or several files, in the order of the files' names and their rows. NULL and NaN
    /// become NaN in numeric columns, NULL becomes null in categorical ones. The result's schema knows its task and
    /// classes; rows that a model is to be compared on are best read with the model's schema.
    /// </summary>
    /// <param name="path">File, glob or folder, see <see cref="TableFile.Open"/>.</param>
    /// <param name="schema">Which columns.</param>
    /// <param name="where">SQL condition over the files' columns, such as <c>event_at &lt; $end</c>; default all rows.</param>
    /// <param name="parameters">Values of the condition's parameters.</param>
    /// <returns>The rows; none when the condition holds for none.</returns>
    /// <exception cref="DataException">A file, column or value is not as needed: names file, row, column and value.</exception>
    public static TabularData Read(string path, FeatureSchema schema, string? where = null, params (string Name, object? Value)[] parameters)
    {
        schema.Validate();
        using var session = DuckSession.Open();
        bool isNumber = LabelTask.NeedsNumber(schema);
        string[] others = [.. schema.Categorical, .. schema.Id is { } id ? new[] { id } : [], .. isNumber ? [] : new[] { schema.Label }];
        var table = TableFile.Open(session, path, others, [.. schema.Numeric, .. isNumber ? new[] { schema.Label } : []]);
        string condition = where is null ? "" : $" WHERE {where}";
        return Read(session, $"SELECT * FROM {table.Relation}{condition}", schema, path, parameters);
    }

    /// <summary>Reads the schema's columns from the result of a query.</summary>
    /// <param name="session">Where the query runs.</param>
    /// <param name="sql">A SELECT that returns the schema's columns, and maybe more.</param>
    /// <param name="schema">Which columns.</param>
    /// <param name="parameters">Values of the query's parameters.</param>
    /// <exception cref="DataException">As for files.</exception>
    public static TabularData Query(DuckSession session, string sql, FeatureSchema schema, params (string Name, object? Value)[] parameters)
    {
        schema.Validate();
        return Read(session, sql, schema, "the query", parameters);
    }

    /// <summary>
    /// Streams the inputs of rows whose label nobody knows, in batches, so that any number of rows takes the memory of one
    /// batch. The session serves nothing else meanwhile.
    /// </summary>
    /// <param name="session">Where the query runs.</param>
    /// <param name="sql">A SELECT that returns the schema's inputs, and maybe more.</param>
    /// <param name="schema">Which columns; label and id are not read.</param>
    /// <param name="batchRows">Most rows a batch, at least 1.</param>
    /// <param name="onBatch">Gets each batch, of at least one row, without labels and ids.</param>
    /// <param name="firstRow">Number of the row before the first, for messages. Default 0.</param>
    /// <exception cref="DataException">A column or value is not as needed: names row, column and value.</exception>
    public static void Stream(DuckSession session, string sql, FeatureSchema schema, int batchRows, Action<TabularData> onBatch, long firstRow = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchRows, 1);
        var inputs = schema with { Id = null };
        var selected = schema.Numeric.Select(name => $"{DuckSession.Identifier(name)}::DOUBLE").Concat(schema.Categorical.Select(name => $"{DuckSession.Identifier(name)}::VARCHAR"));
        session.Run($"SELECT {string.Join(", ", selected)} FROM ({sql})", [], command =>
        {
            command.UseStreamingMode = true;
            using var reader = command.ExecuteReader();
            long read = firstRow;
            for (bool more = reader.Read(); more;)
            {
                var rows = new TabularBuilder(inputs, "the query", read);
                for (int row = 0; row < batchRows && more; row++, read++, more = reader.Read())
                {
                    rows.Begin(null);
                    AddInputs(rows, reader, inputs);
                }
                onBatch(rows.Build());
            }
            return read;
        });
    }

    private static void AddInputs(TabularBuilder rows, DuckDBDataReader reader, FeatureSchema schema)
    {
        int numeric = schema.Numeric.Count;
        for (int i = 0; i < numeric; i++)
            rows.AddNumber(reader.IsDBNull(i) ? double.NaN : reader.GetDouble(i));
        for (int i = numeric; i < numeric + schema.Categorical.Count; i++)
            rows.AddCategory(Text(reader, i));
    }

    private static TabularData Read(DuckSession session, string sql, FeatureSchema schema, string origin, (string, object?)[] parameters)
    {
        var columns = session.Query<(string Name, string Type)>($"SELECT column_name, column_type FROM (DESCRIBE {sql})", parameters)
            .Select(column => new TableColumn(column.Name, column.Type)).ToList();
        TableFile.RequireColumns(origin, columns, schema.All);
        foreach (string name in schema.Numeric.Concat(LabelTask.NeedsNumber(schema) ? [schema.Label] : []))
            if (Named(columns, name) is { IsNumeric: false } text)
                throw new DataException($"Column '{name}' of {origin} is a {text.Type}, and a number is needed. Cast it, or use it as a category.") { Origin = origin, Column = name, Value = text.Type };
        schema = LabelTask.Resolve(session, sql, parameters, Named(columns, schema.Label), schema, origin);
        var selected = schema.Numeric.Select(name => $"{DuckSession.Identifier(name)}::DOUBLE")
            .Concat(schema.Categorical.Select(name => $"{DuckSession.Identifier(name)}::VARCHAR"))
            .Append($"{DuckSession.Identifier(schema.Label)}::{(LabelTask.NeedsNumber(schema) ? "DOUBLE" : "VARCHAR")}")
            .Concat(schema.Id is { } id ? [$"{DuckSession.Identifier(id)}::VARCHAR"] : []);
        return session.Run($"SELECT {string.Join(", ", selected)} FROM ({sql})", parameters, command => Fill(command, schema, origin));
    }

    // RequireColumns has seen that the column is there.
    private static TableColumn Named(List<TableColumn> columns, string name) =>
        columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static TabularData Fill(DuckDBCommand command, FeatureSchema schema, string origin)
    {
        command.UseStreamingMode = true;
        using var reader = command.ExecuteReader();
        var rows = new TabularBuilder(schema, origin);
        bool isNumber = LabelTask.NeedsNumber(schema);
        int label = schema.Numeric.Count + schema.Categorical.Count;
        while (reader.Read())
        {
            rows.Begin(schema.Id is null ? null : Text(reader, label + 1));
            AddInputs(rows, reader, schema);
            if (isNumber)
                rows.AddLabel(reader.IsDBNull(label) ? null : reader.GetDouble(label));
            else
                rows.AddLabel(Text(reader, label));
        }
        return rows.Build();
    }

    private static string? Text(DuckDBDataReader reader, int index) => reader.IsDBNull(index) ? null : reader.GetString(index);
}
