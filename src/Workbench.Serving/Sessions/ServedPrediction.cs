using Workbench.Features;

namespace Workbench.Serving.Sessions;

/// <summary>One answered request: what was asked, who answered, and what was said.</summary>
public sealed record ServedPrediction
{
    /// <summary>The request's id, from the client or made up.</summary>
    public required string Id { get; init; }
    /// <summary>Name of the model that answered.</summary>
    public required string Model { get; init; }
    /// <summary>Version of the model that answered.</summary>
    public required int Version { get; init; }
    /// <summary>The rows that were asked about, in the model's schema; N rows.</summary>
    public required TabularData Rows { get; init; }
    /// <summary>[N] ids under which labels can be joined later: the request's id for a single row, else <c>id/row</c> from 0.</summary>
    public required IReadOnlyList<string> RowIds { get; init; }
    /// <summary>What was said of them.</summary>
    public required ModelAnswer Answer { get; init; }
}
