using System.Text.Json;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Serving.Protocol;

/// <summary>Turns a request's column tensors into rows of a model's schema, refusing what does not fit.</summary>
internal static class InferenceRows
{
    /// <summary>Datatype of a numeric column.</summary>
    public const string Number = "FP32";
    /// <summary>Datatype of a categorical column.</summary>
    public const string Text = "BYTES";

    /// <summary>Rows in the schema's order. JSON null is a missing value.</summary>
    /// <exception cref="RefusedRequestException">Names the column, and the row and value where they are known.</exception>
    public static TabularData From(InferenceRequest request, FeatureSchema schema, int maxRows)
    {
        var inputs = ByName(request, schema);
        int rows = RowCount(request.Inputs, maxRows);
        var (numeric, categorical) = (new float[rows * schema.Numeric.Count], new string?[rows * schema.Categorical.Count]);
        for (int column = 0; column < schema.Numeric.Count; column++)
            Fill(numeric, Cells(inputs[schema.Numeric[column]], Number, rows), column, schema.Numeric, ReadNumber);
        for (int column = 0; column < schema.Categorical.Count; column++)
            Fill(categorical, Cells(inputs[schema.Categorical[column]], Text, rows), column, schema.Categorical, ReadText);
        return new() { Schema = schema, Numeric = numeric, Categorical = categorical, Labels = [], Ids = [], Rows = rows };
    }

    private static Dictionary<string, InferenceInput> ByName(InferenceRequest request, FeatureSchema schema)
    {
        string known = $"The model reads {string.Join(", ", schema.Inputs)}.";
        var inputs = new Dictionary<string, InferenceInput>(StringComparer.Ordinal);
        foreach (var input in request.Inputs)
        {
            if (!schema.Inputs.Contains(input.Name, StringComparer.Ordinal))
                throw new RefusedRequestException($"Unknown column '{input.Name}'.{Suggestion.DidYouMean(input.Name, schema.Inputs)} {known}");
            if (!inputs.TryAdd(input.Name, input))
                throw new RefusedRequestException($"Column '{input.Name}' was sent twice.");
        }
        var missing = schema.Inputs.Where(name => !inputs.ContainsKey(name)).ToList();
        return missing.Count == 0
            ? inputs
            : throw new RefusedRequestException($"Missing column{(missing.Count == 1 ? "" : "s")} {string.Join(", ", missing)}. {known} Send null for a value that is not known.");
    }

    private static int RowCount(IReadOnlyList<InferenceInput> inputs, int maxRows)
    {
        foreach (var input in inputs)
        {
            if (input.Shape is not ([>= 1] or [>= 1, 1]))
                throw new RefusedRequestException($"Column '{input.Name}' has the shape [{string.Join(", ", input.Shape)}]; expected [rows] or [rows, 1] with at least one row.");
            if (input.Shape[0] != inputs[0].Shape[0])
                throw new RefusedRequestException($"Column '{input.Name}' has {input.Shape[0]} rows and column '{inputs[0].Name}' has {inputs[0].Shape[0]}. Send every column with the same rows.");
        }
        return inputs[0].Shape[0] <= maxRows
            ? (int)inputs[0].Shape[0]
            : throw new RefusedRequestException($"The request has {inputs[0].Shape[0]} rows; at most {maxRows} are allowed. Send several requests.");
    }

    /// <summary>The elements of a column, from flat data or from rows of one.</summary>
    private static List<JsonElement> Cells(InferenceInput input, string datatype, int rows)
    {
        if (input.Datatype != datatype)
            throw new RefusedRequestException($"Column '{input.Name}' has the datatype '{input.Datatype}'; the model reads {datatype}.");
        var cells = input.Data.EnumerateArray().ToList();
        if (input.Shape.Count == 2 && cells.All(cell => cell.ValueKind == JsonValueKind.Array && cell.GetArrayLength() == 1))
            cells = cells.ConvertAll(cell => cell[0]);
        return cells.Count == rows
            ? cells
            : throw new RefusedRequestException($"Column '{input.Name}' has the shape [{string.Join(", ", input.Shape)}] and {cells.Count} values in its data; expected {rows}.");
    }

    private static void Fill<T>(T[] target, List<JsonElement> cells, int column, IReadOnlyList<string> names, Func<JsonElement, (T, string?)> read)
    {
        for (int row = 0; row < cells.Count; row++)
        {
            (target[row * names.Count + column], string? defect) = read(cells[row]);
            if (defect is not null)
                throw new RefusedRequestException($"Column '{names[column]}' row {row}: {Shortened(cells[row])} {defect}");
        }
    }

    private static (float, string?) ReadNumber(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => (float.NaN, null),
        JsonValueKind.Number when float.IsFinite((float)cell.GetDouble()) => ((float)cell.GetDouble(), null),
        JsonValueKind.Number => (0, "is infinite or too large for FP32. Send a finite number, or null when it is not known."),
        _ => (0, "is no number. Send a number, or null when it is not known."),
    };

    private static (string?, string?) ReadText(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.Null => (null, null),
        JsonValueKind.String => (cell.GetString(), null),
        _ => (null, "is no text. Send a string, or null when it is not known."),
    };

    private static string Shortened(JsonElement cell) => cell.GetRawText() is { Length: > 60 } text ? text[..60] + "…" : cell.GetRawText();
}
