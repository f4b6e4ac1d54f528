using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Features;

/// <summary>
/// Which columns a tabular model reads and predicts. Order is the order of the model's inputs.
/// </summary>
public sealed record FeatureSchema
{
    /// <summary>Names of the numeric input columns.</summary>
    public required IReadOnlyList<string> Numeric { get; init; }
    /// <summary>Names of the categorical input columns.</summary>
    public required IReadOnlyList<string> Categorical { get; init; }
    /// <summary>Name of the column to predict: 0 and 1 or booleans, classes of any text or whole numbers, or numbers.</summary>
    public required string Label { get; init; }
    /// <summary>Name of the column that identifies a row over time, or null. It decides the split and joins labels; it is never an input.</summary>
    public string? Id { get; init; }

    /// <summary>
    /// What the label is; null (the default) lets the reader say so from the label's column: only 0 and 1 or booleans are
    /// binary; texts, and whole numbers of at most 20 different values, are multiclass; other numbers are regression.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PredictionTask? Task { get; init; }

    /// <summary>
    /// Classes of a multiclass label, each once; the order is the order of the model's probabilities. Empty (the default)
    /// lets the reader take those of the rows: whole numbers by value, texts by their code points.
    /// </summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The value of the label's column that counts as 1 in a binary task, every other one being 0; null (the default) when the column holds 0 and 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Positive { get; init; }

    /// <summary>Numeric columns first, then categorical ones.</summary>
    [JsonIgnore]
    public IEnumerable<string> Inputs => Numeric.Concat(Categorical);

    /// <summary><see cref="Task"/>, and binary where none was said: rows made by hand, and files of earlier versions.</summary>
    [JsonIgnore]
    public PredictionTask TaskOrBinary => Task ?? PredictionTask.Binary;

    /// <summary>Inputs, label and id.</summary>
    internal IEnumerable<string> All => Inputs.Append(Label).Concat(Id is { } id ? [id] : []);

    /// <summary>Checks that there is an input, that no column has two parts to play (a label among the inputs would be a leak), and that classes and task agree.</summary>
    /// <exception cref="DataException">Names what is wrong.</exception>
    public void Validate()
    {
        if (!Inputs.Any())
            throw new DataException("The schema names no input. Name at least one numeric or categorical column.");
        var twice = All.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        if (twice.Count > 0)
            throw new DataException($"The schema names {string.Join(", ", twice.Select(name => $"'{name}'"))} more than once. Each column is one of numeric, categorical, label or id.") { Column = twice[0] };
        if (Classes.Count > 0 && (Task is not (null or PredictionTask.Multiclass) || Positive is not null || Classes.Count < 2 || Classes.Distinct(StringComparer.Ordinal).Count() < Classes.Count))
            throw new DataException($"The schema's classes of '{Label}' are {string.Join(", ", Classes)}. Classes belong to a multiclass task: at least two, each once, and no positive value beside them.") { Column = Label };
        if (Positive is not null && Task is not (null or PredictionTask.Binary))
            throw new DataException($"The schema names '{Positive}' as the positive value of '{Label}', and its task is {Task}. A positive value belongs to a binary task.") { Column = Label };
    }
}
