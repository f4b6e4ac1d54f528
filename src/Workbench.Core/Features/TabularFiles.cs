using System.Text.Json;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>Keeps rows as <c>data.parquet</c> and <c>schema.json</c>.</summary>
internal static class TabularFiles
{
    private const string DataName = "data.parquet";
    private const string SchemaName = "schema.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    private sealed record Header(FeatureSchema Schema, int Rows, bool IsLabelled, bool HasIds);

    public static void Save(TabularData data, string folder)
    {
        data.Schema.Validate();
        var header = new Header(data.Schema, data.Rows, data.Labels.Length > 0, data.Ids.Length > 0);
        using var session = DuckSession.Open();
        // One thread: the same rows must give the same bytes.
        session.Execute("SET threads = 1");
        DuckTable.Create(session, "rows", Columns(data, header), data.Rows);
        AtomicFile.Replace(Path.Combine(folder, DataName), temporary =>
            session.Execute($"COPY rows TO {DuckSession.Literal(temporary)} (FORMAT parquet, COMPRESSION zstd)"));
        AtomicFile.WriteAllText(Path.Combine(folder, SchemaName), JsonSerializer.Serialize(header, Json) + "\n");
    }

    public static TabularData Load(string folder)
    {
        var header = ReadHeader(Path.Combine(folder, SchemaName));
        string file = Path.Combine(folder, DataName);
        using var session = DuckSession.Open();
        var stored = AsStored(header);
        bool isNumber = LabelTask.NeedsNumber(stored);
        string[] others = [.. stored.Categorical, .. header is { HasIds: true, Schema.Id: { } id } ? new[] { id } : [], .. header.IsLabelled && !isNumber ? new[] { stored.Label } : []];
        var table = TableFile.Open(session, file, others, [.. stored.Numeric, .. header.IsLabelled && isNumber ? new[] { stored.Label } : []]);
        // Rows without a label or id are read with stand-ins, which are taken off again.
        string standIns = (header.IsLabelled ? "" : $", 0 AS {DuckSession.Identifier(header.Schema.Label)}")
            + (header is { HasIds: false, Schema.Id: { } name } ? $", '' AS {DuckSession.Identifier(name)}" : "");
        var data = TabularReader.Query(session, $"SELECT *{standIns} FROM {table.Relation}", stored);
        if (data.Rows != header.Rows)
            throw new DataException($"'{file}' has {data.Rows:N0} rows, and {SchemaName} says {header.Rows:N0}. The artifact is damaged; make it again.") { Origin = file };
        return data with { Schema = header.Schema, Labels = header.IsLabelled ? data.Labels : [], Ids = header.HasIds ? data.Ids : [] };
    }

    // Classes are stored by name, every other label as its number; a positive value has become 1.
    private static FeatureSchema AsStored(Header header) => header.IsLabelled && header.Schema.TaskOrBinary != PredictionTask.Binary
        ? header.Schema
        : header.Schema with { Task = PredictionTask.Binary, Positive = null, Classes = [] };

    private static Header ReadHeader(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Header>(File.ReadAllText(file), Json) ?? throw new JsonException("The file holds null.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"Cannot read the schema '{file}' of saved rows: {failure.Message} The artifact is damaged; make it again.", failure) { Origin = file };
        }
    }

    private static IReadOnlyList<DuckTable.Source> Columns(TabularData data, Header header)
    {
        int numeric = data.Schema.Numeric.Count, categorical = data.Schema.Categorical.Count;
        var columns = new List<DuckTable.Source>();
        if (header is { HasIds: true, Schema.Id: { } id })
            columns.Add(new(id, typeof(string), row => data.Ids[row]));
        columns.AddRange(data.Schema.Numeric.Select((name, i) => new DuckTable.Source(name, typeof(float), row => data.Numeric[row * numeric + i] is var x && float.IsNaN(x) ? null : x)));
        columns.AddRange(data.Schema.Categorical.Select((name, i) => new DuckTable.Source(name, typeof(string), row => data.Categorical[row * categorical + i])));
        if (header.IsLabelled)
            columns.Add(data.Schema.TaskOrBinary == PredictionTask.Multiclass
                ? new(data.Schema.Label, typeof(string), row => data.Schema.Classes[(int)data.Labels[row]])
                : new(data.Schema.Label, typeof(float), row => data.Labels[row]));
        return columns;
    }
}
