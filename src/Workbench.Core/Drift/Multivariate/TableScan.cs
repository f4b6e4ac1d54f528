using Workbench.Drift.Sources;

namespace Workbench.Drift.Multivariate;

/// <summary>One pass over the rows of a side: a sample of them, and sums over pairs of numeric columns of all of them.</summary>
internal sealed record TableScan(TableSample Sample, PairMoments? Moments)
{
    private const int Seed = 20240601;

    /// <param name="reader">Reads the side.</param>
    /// <param name="numeric">Numeric columns of the sample.</param>
    /// <param name="categorical">Categorical columns of the sample.</param>
    /// <param name="paired">Of the first so many numeric columns the sums of pairs are taken.</param>
    /// <param name="sampleRows">Rows of the sample.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static TableScan Read(ColumnReader reader, IReadOnlyList<string> numeric, IReadOnlyList<string> categorical, int paired, int sampleRows, CancellationToken cancellationToken)
    {
        var reservoir = new Reservoir(sampleRows, Seed);
        var kept = new List<TableRow>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var moments = paired >= 2 ? new PairMoments(paired) : null;
        var columns = numeric.Select(name => new RowColumn(name, RowType.Number)).Concat(categorical.Select(name => new RowColumn(name, RowType.Text))).ToList();
        reader.Rows(columns, null, chunk =>
        {
            moments?.Add(chunk);
            for (int row = 0; row < chunk.Rows; row++)
            {
                int place = reservoir.Next();
                if (place < 0)
                    continue;
                var one = Row(chunk, row, numeric.Count, categorical.Count, names);
                if (place == kept.Count)
                    kept.Add(one);
                else
                    kept[place] = one;
            }
        }, cancellationToken);
        return new(new(numeric, categorical, [.. reservoir.InOrder().Select(place => kept[place])], reservoir.Seen), moments);
    }

    private static TableRow Row(RowChunk chunk, int row, int numeric, int categorical, Dictionary<string, string> names)
    {
        var numbers = new double[numeric];
        for (int i = 0; i < numeric; i++)
            numbers[i] = double.IsFinite(chunk.Numbers(i)[row]) ? chunk.Numbers(i)[row] : double.NaN;
        return new(numbers, [.. Enumerable.Range(numeric, categorical).Select(i => chunk.Text(i, row) is { } text ? Shared(names, text) : null)]);
    }

    // A category is kept once, however many rows have it.
    private static string Shared(Dictionary<string, string> names, string text)
    {
        if (names.TryGetValue(text, out var shared))
            return shared;
        names.Add(text, text);
        return text;
    }
}
