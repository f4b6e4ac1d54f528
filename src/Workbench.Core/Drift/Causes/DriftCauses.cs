using Workbench.Drift.Sources;

namespace Workbench.Drift.Causes;

/// <summary>Why predictions, errors or the rows themselves moved: columns, ranges, categories and slices of two columns, ranked, each with a sentence. Holds no rows.</summary>
public sealed record DriftCauses
{
    /// <summary>One for each quantity that was asked for.</summary>
    public required IReadOnlyList<QuantityChange> Quantities { get; init; }
    /// <summary>Slices of rows that became more or fewer, whatever they did to a quantity; the largest first.</summary>
    public required IReadOnlyList<SliceMovement> Movements { get; init; }
    /// <summary>Columns that were not searched, with the reason.</summary>
    public IReadOnlyList<SkippedColumn> Skipped { get; init; } = [];

    /// <summary>The sentences in order: each quantity's change and its first slices, then the movements.</summary>
    public IEnumerable<string> Sentences() =>
        Quantities.SelectMany(quantity => quantity.Slices.Select(slice => slice.Sentence).Prepend(quantity.Sentence)).Concat(Movements.Select(movement => movement.Sentence));

    /// <summary>Looks for the causes. Reads both sides twice; exact but for the bins' edges, which come from at most 100,000 reference rows.</summary>
    /// <param name="reference">Rows as they should be.</param>
    /// <param name="current">Rows to explain.</param>
    /// <param name="options">What to explain; null lists movements only.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="Data.DataException">A side cannot be read, has no rows or is no DuckDB source, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <example><code>
    /// var causes = DriftCauses.Find("march.parquet", "april.parquet", new() { Quantities = ["score"] });
    /// foreach (string sentence in causes.Sentences())
    ///     Console.WriteLine(sentence);
    /// </code></example>
    public static DriftCauses Find(DriftSource reference, DriftSource current, CauseOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var left = reference.OpenRows(cancellationToken);
        using var right = current.OpenRows(cancellationToken);
        return Find(left, right, options ?? new(), cancellationToken);
    }

    internal static DriftCauses Find(DriftInput reference, DriftInput current, CauseOptions options, CancellationToken cancellationToken) =>
        new CauseSearch(CauseReader.Require(reference), CauseReader.Require(current), options).Run(cancellationToken);
}
