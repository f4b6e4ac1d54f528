using Workbench.Data;

namespace Workbench.Features;

/// <summary>Finds out what a label's column asks for, where the schema does not say.</summary>
internal static class LabelTask
{
    /// <summary>Whole numbers of more different values are taken as quantities.</summary>
    private const int MostWholeNumberClasses = 20;
    /// <summary>A text of more different values is an id or free text, and nothing to classify by.</summary>
    private const int MostClasses = 1_000;

    /// <summary>Whether the label must be a number, as far as the schema says.</summary>
    public static bool NeedsNumber(FeatureSchema schema) =>
        schema is { Task: PredictionTask.Regression } or { Task: PredictionTask.Binary, Positive: null };

    /// <summary>The schema with its task and classes.</summary>
    /// <param name="session">Where the query runs.</param>
    /// <param name="sql">A SELECT of the rows.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="label">The label's column.</param>
    /// <param name="schema">What the user said.</param>
    /// <param name="origin">Where the rows come from, for messages.</param>
    /// <exception cref="DataException">The column does not fit the task, or has more different values than there can be classes.</exception>
    public static FeatureSchema Resolve(DuckSession session, string sql, (string, object?)[] parameters, TableColumn label, FeatureSchema schema, string origin)
    {
        string column = DuckSession.Identifier(schema.Label);
        var task = schema.Task
            ?? (schema.Positive is not null ? PredictionTask.Binary : schema.Classes.Count > 0 ? PredictionTask.Multiclass : Infer(session, sql, parameters, label, column));
        if (task == PredictionTask.Multiclass && schema.Classes.Count == 0)
            schema = schema with { Classes = Classes(session, sql, parameters, label, column, origin) };
        if (schema.Positive is { } positive && label.Type == "BOOLEAN")   // as which yes and no of a CSV file are read
            schema = schema with { Positive = session.Query<string?>("SELECT TRY_CAST($positive AS BOOLEAN)::VARCHAR", ("positive", positive))[0] ?? positive };
        return schema with { Task = task };
    }

    private static PredictionTask Infer(DuckSession session, string sql, (string, object?)[] parameters, TableColumn label, string column)
    {
        if (!label.IsNumeric)
            return PredictionTask.Multiclass;
        var (others, values) = session.Query<(long Others, long Values)>(
            $"SELECT count(*) FILTER ({column}::DOUBLE NOT IN (0, 1)), count(DISTINCT {column}) FROM ({sql})", parameters)[0];
        if (others == 0)
            return PredictionTask.Binary;
        bool isWhole = label.Type.EndsWith("INT", StringComparison.Ordinal) || label.Type.EndsWith("INTEGER", StringComparison.Ordinal);
        return isWhole && values <= MostWholeNumberClasses ? PredictionTask.Multiclass : PredictionTask.Regression;
    }

    private static List<string> Classes(DuckSession session, string sql, (string, object?)[] parameters, TableColumn label, string column, string origin)
    {
        var found = session.Query<string>($"SELECT {column}::VARCHAR FROM ({sql}) WHERE {column} IS NOT NULL GROUP BY {column} ORDER BY {column} LIMIT {MostClasses + 1}", parameters);
        if (found.Count > MostClasses)
            throw new DataException($"Column '{label.Name}' of {origin} has more than {MostClasses:N0} different values, which are no classes. Name a column with fewer, or set the task to regression for a number.") { Origin = origin, Column = label.Name };
        return label.IsNumeric ? [.. found] : [.. found.Order(StringComparer.Ordinal)];
    }
}
