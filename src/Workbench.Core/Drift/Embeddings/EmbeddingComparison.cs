using System.Globalization;
using System.Numerics.Tensors;
using Workbench.Drift.Kernels;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Embeddings;

/// <summary>Compares an embedding: one column of lists, or a group of numeric columns.</summary>
internal static class EmbeddingComparison
{
    private const int LeastDimensions = 2;
    private const int ListedComponents = 20;
    private const int WidthRows = 10_000;

    /// <summary>The measures, or a <see cref="SkippedColumn"/> with the reason.</summary>
    /// <param name="column">Name of the column or of the group.</param>
    /// <param name="group">Columns of the group, or null for a column of lists.</param>
    /// <param name="tests">To run.</param>
    /// <param name="referenceReader">Reads the reference.</param>
    /// <param name="currentReader">Reads the current rows.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static object Compare(
        string column, IReadOnlyList<string>? group, IReadOnlyList<DriftTest> tests, ColumnReader referenceReader, ColumnReader currentReader, CancellationToken cancellationToken)
    {
        if (!referenceReader.CanReadRows || !currentReader.CanReadRows)
            return Skip("Its source is not read row by row.");
        int? referenceWidth = group?.Count ?? Width(referenceReader, column, cancellationToken), currentWidth = group?.Count ?? Width(currentReader, column, cancellationToken);
        if ((referenceWidth ?? currentWidth) is not { } width)
            return new ColumnMeasures { Column = column, Kind = DriftColumnKind.Embedding, NullShareReference = 1, NullShareCurrent = 1, Note = "Neither side has a vector." };
        if (width < LeastDimensions)
            return Skip("Its type is not compared: an embedding has at least two components.");
        if (referenceWidth is not null && currentWidth is not null && referenceWidth != currentWidth)
            return new ColumnMeasures { Column = column, Kind = DriftColumnKind.Embedding, CertainDrift = $"the vectors changed from {referenceWidth} to {currentWidth} components" };
        var reference = new EmbeddingSide(width, VectorPair.Seed);
        var current = new EmbeddingSide(width, VectorPair.Seed + 1);
        Stream(referenceReader, column, group, reference, cancellationToken);
        Stream(currentReader, column, group, current, cancellationToken);
        if ((reference.OtherWidth ?? current.OtherWidth) is { } other)
            return Skip($"Its lists are not of one length ({width} and {other}): it is no embedding.");
        return Measure(column, group, tests, reference, current);

        SkippedColumn Skip(string reason) => new(column, DriftColumnKind.Other, reason);
    }

    private static ColumnMeasures Measure(string column, IReadOnlyList<string>? group, IReadOnlyList<DriftTest> tests, EmbeddingSide reference, EmbeddingSide current)
    {
        bool hasBoth = reference.Count > 0 && current.Count > 0;
        var pair = hasBoth ? new VectorPair(reference.Sample(), current.Sample()) : null;
        return new()
        {
            Column = column,
            Kind = DriftColumnKind.Embedding,
            Tests = pair is null ? [] : tests.Select(test => new MeasuredTest(test, test.Vectors!(pair))).ToList(), // RequireFit was asked before
            CertainDrift = (reference.Count, current.Count) switch
            {
                (0, > 0) => $"the reference has no vector, the current rows have {current.Count:N0}",
                (> 0, 0) => $"the reference has {reference.Count:N0} vectors, the current rows have none",
                _ => null,
            },
            NullShareReference = Share(reference),
            NullShareCurrent = Share(current),
            Bins = pair is null ? null : Bins(pair),
            Embedding = pair is null ? null : Summary(pair, group),
            Note = reference.NotFinite + current.NotFinite > 0 ? $"{reference.NotFinite:N0} reference and {current.NotFinite:N0} current vectors with a missing or infinite component were left out." : null,
        };
    }

    private static EmbeddingDrift Summary(VectorPair pair, IReadOnlyList<string>? group)
    {
        var distances = EmbeddingMeasures.Distances(pair);
        double shift = EmbeddingMeasures.Shift(pair).Statistic;
        return new()
        {
            Dimensions = pair.Reference.Width,
            Components = [.. distances.Select((distance, i) => new ComponentChange(group?[i] ?? i.ToString(CultureInfo.InvariantCulture), distance))
                .OrderByDescending(one => one.Distance).Take(ListedComponents)],
            Sentence = string.Create(
                CultureInfo.InvariantCulture,
                $"The mean vector moved by {shift:G3} spreads of the reference; {distances.Count(distance => distance >= 0.1)} of {distances.Length} components moved by 0.1 standard deviations or more."),
        };
    }

    // The distance to the mean of the reference: one number a row that shows both a shift and a spread.
    private static DriftBins Bins(VectorPair pair)
    {
        var mean = pair.Reference.Mean();
        NumericColumn Distances(VectorSample side) => NumericColumn.Of([.. Enumerable.Range(0, side.Count).Select(row => TensorPrimitives.Distance(side.Row(row), mean))]);
        NumericColumn reference = Distances(pair.Reference), current = Distances(pair.Current);
        var edges = NumericBins.ForChart(reference.Values, current.Values);
        double[] Shares(NumericColumn side) => [.. NumericBins.Count(side.Values, edges.AsSpan(1, edges.Length - 2)).Select(count => (double)count / side.Count)];
        return new() { Edges = edges, ReferenceShares = Shares(reference), CurrentShares = Shares(current) };
    }

    // The length of the first list that is not NULL.
    private static int? Width(ColumnReader reader, string column, CancellationToken cancellationToken)
    {
        int? width = null;
        foreach (long? limit in (long?[])[WidthRows, null])
            if (width is null)
                reader.Rows([new(column, RowType.Vector)], limit, chunk =>
                {
                    for (int row = 0; row < chunk.Rows && width is null; row++)
                        width = chunk.Vector(0, row) is { Length: > 0 } vector ? vector.Length : null;
                }, cancellationToken);
        return width;
    }

    private static void Stream(ColumnReader reader, string column, IReadOnlyList<string>? group, EmbeddingSide side, CancellationToken cancellationToken)
    {
        if (group is null)
        {
            reader.Rows([new(column, RowType.Vector)], null, chunk =>
            {
                for (int row = 0; row < chunk.Rows; row++)
                    side.Add(chunk.Vector(0, row));
            }, cancellationToken);
            return;
        }
        var vector = new double[group.Count];
        reader.Rows([.. group.Select(name => new RowColumn(name, RowType.Number))], null, chunk =>
        {
            for (int row = 0; row < chunk.Rows; row++)
            {
                for (int i = 0; i < vector.Length; i++)
                    vector[i] = chunk.Numbers(i)[row];
                side.Add(vector);
            }
        }, cancellationToken);
    }

    private static double Share(EmbeddingSide side) => side.Rows == 0 ? 0 : (double)side.Nulls / side.Rows;
}
