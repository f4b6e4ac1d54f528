using Workbench.Drift.Expectations;
using Workbench.Drift.Quality;

namespace Workbench.Host.Activities;

/// <summary>What rows must be like before they are used: expectations, a reference, a key, an age.</summary>
internal sealed record DataGate
{
    /// <summary>File, glob or folder of the rows.</summary>
    public required string Data { get; init; }
    /// <summary>File of expectations; null for none.</summary>
    public string? Expectations { get; init; }
    /// <summary>File, glob or folder of rows as they should be; null for none.</summary>
    public string? Reference { get; init; }
    public IReadOnlyList<string> Key { get; init; } = [];
    public string? Time { get; init; }
    public TimeSpan? MaxAge { get; init; }
    /// <summary>Whether a warning fails too.</summary>
    public bool IsStrict { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Looks at the rows.</summary>
    /// <exception cref="Workbench.Data.DataException">They, the reference or the expectations cannot be read.</exception>
    public DataVerdict Decide(CancellationToken cancellationToken)
    {
        var expectations = Expectations is null ? null : DataExpectations.Load(Expectations).Check(Data, Clock, cancellationToken: cancellationToken);
        bool asksMore = Reference is not null || Key.Count > 0 || Time is not null || Expectations is null;
        var options = new DataQualityOptions { Key = Key, Time = Time, MaxAge = MaxAge, Clock = Clock };
        var quality = !asksMore ? null : Reference is null ? DataQualityReport.Of(Data, options, cancellationToken) : DataQualityReport.Compare(Reference, Data, options, cancellationToken);
        return new(Data, expectations, quality, IsStrict);
    }
}
