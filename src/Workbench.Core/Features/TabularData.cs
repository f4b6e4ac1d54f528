using Microsoft.Data.Analysis;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>
/// Rows for a tabular model, in memory and column-typed. N rows, D numeric columns, K categorical columns.
/// </summary>
public sealed record TabularData : IArtifactValue<TabularData>
{
    /// <summary>What the columns mean.</summary>
    public required FeatureSchema Schema { get; init; }
    /// <summary>Row-major [N × D]; NaN means missing; never infinite.</summary>
    public required float[] Numeric { get; init; }
    /// <summary>Row-major [N × K]; null means missing.</summary>
    public required string?[] Categorical { get; init; }
    /// <summary>[N]: 0 or 1, the index of the class in the schema's classes, or the number of a regression; empty when the rows have no label.</summary>
    public required float[] Labels { get; init; }
    /// <summary>[N] row ids; empty when the schema names no id.</summary>
    public required string[] Ids { get; init; }
    /// <summary>N.</summary>
    public required int Rows { get; init; }

    /// <summary>The rows at <paramref name="rows"/> (from 0), in that order; a row may be taken twice.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public TabularData Select(int[] rows)
    {
        int numeric = Schema.Numeric.Count, categorical = Schema.Categorical.Count;
        var result = this with
        {
            Rows = rows.Length,
            Numeric = new float[rows.Length * numeric],
            Categorical = new string?[rows.Length * categorical],
            Labels = Labels.Length == 0 ? [] : new float[rows.Length],
            Ids = Ids.Length == 0 ? [] : new string[rows.Length],
        };
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            if (row < 0 || row >= Rows)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"There are rows 0 to {Rows - 1}.");
            Numeric.AsSpan(row * numeric, numeric).CopyTo(result.Numeric.AsSpan(i * numeric));
            Categorical.AsSpan(row * categorical, categorical).CopyTo(result.Categorical.AsSpan(i * categorical));
            if (Labels.Length > 0)
                result.Labels[i] = Labels[row];
            if (Ids.Length > 0)
                result.Ids[i] = Ids[row];
        }
        return result;
    }

    /// <summary>The same rows with the task and classes of <paramref name="schema"/>, labels numbered as there; rows without labels stay so.</summary>
    /// <exception cref="DataException">The rows are of another task, or of a class that the schema does not know.</exception>
    public TabularData WithLabelsOf(FeatureSchema schema)
    {
        if (Labels.Length > 0 && schema.TaskOrBinary != Schema.TaskOrBinary)
            throw new DataException($"The rows have labels '{Schema.Label}' of a {Schema.TaskOrBinary} task, and the model is of a {schema.TaskOrBinary} task. Read them with the model's schema.") { Column = Schema.Label };
        var same = Schema with { Task = schema.Task, Classes = schema.Classes, Positive = schema.Positive };
        if (Labels.Length == 0 || Schema.Classes.SequenceEqual(schema.Classes))
            return this with { Schema = same };
        var codes = Schema.Classes.Select(name => schema.Classes.ToList().IndexOf(name)).ToList();
        float unknown = Labels.FirstOrDefault(label => codes[(int)label] < 0, -1);
        return unknown < 0
            ? this with { Schema = same, Labels = [.. Labels.Select(label => (float)codes[(int)label])] }
            : throw new DataException($"The rows have the class '{Schema.Classes[(int)unknown]}' in '{Schema.Label}', and the model knows {string.Join(", ", schema.Classes)}. Leave such rows out, or train with all classes.") { Column = Schema.Label, Value = Schema.Classes[(int)unknown] };
    }

    /// <summary>Takes the schema's columns out of a frame, under the rules of <see cref="TabularReader"/>.</summary>
    /// <exception cref="DataException">A column is missing, or a value is not as needed.</exception>
    public static TabularData FromFrame(DataFrame frame, FeatureSchema schema)
    {
        using var session = DuckSession.Open();
        session.Register("frame", frame);
        return TabularReader.Query(session, "SELECT * FROM frame", schema);
    }

    /// <inheritdoc/>
    public void Save(string folder) => TabularFiles.Save(this, folder);

    /// <inheritdoc/>
    public static TabularData Load(string folder) => TabularFiles.Load(folder);
}
