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
    /// <summary>Name of the binary label column (0 or 1, or boolean).</summary>
    public required string Label { get; init; }
    /// <summary>Name of the column that identifies a row over time, or null. It decides the split and joins labels; it is never an input.</summary>
    public string? Id { get; init; }

    /// <summary>Numeric columns first, then categorical ones.</summary>
    [JsonIgnore]
    public IEnumerable<string> Inputs => Numeric.Concat(Categorical);

    /// <summary>Inputs, label and id.</summary>
    internal IEnumerable<string> All => Inputs.Append(Label).Concat(Id is { } id ? [id] : []);

    /// <summary>Checks that there is an input, and that no column has two parts to play (a label among the inputs would be a leak).</summary>
    /// <exception cref="DataException">Names the columns that are wrong.</exception>
    public void Validate()
    {
        if (!Inputs.Any())
            throw new DataException("The schema names no input. Name at least one numeric or categorical column.");
        var twice = All.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        if (twice.Count > 0)
            throw new DataException($"The schema names {string.Join(", ", twice.Select(name => $"'{name}'"))} more than once. Each column is one of numeric, categorical, label or id.") { Column = twice[0] };
    }
}
