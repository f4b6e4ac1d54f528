using System.Text;
using Workbench.Drift.Numeric;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Text;

/// <summary>Compares a text column: reads both sides once, runs the tests, tells what changed.</summary>
internal static class TextComparison
{
    private const int Seed = 20240601;
    private const int ShapeRows = 10_000;
    private const int LeastWords = 3;
    private const double LeastShare = 0.5;

    /// <summary>True when at least half the values are of three words or more with spaces between them, or in a script without spaces: sentences rather than names of rows.</summary>
    public static bool IsText(ColumnReader reader, string column, CancellationToken cancellationToken)
    {
        var words = new WordReader();
        long values = 0, texts = 0;
        if (reader.CanReadRowsOf(column))
            Stream(reader, column, ShapeRows, Look, cancellationToken);
        else
            foreach (string text in reader.Samples(column, ShapeRows, cancellationToken))
                Look(text);
        return values > 0 && texts >= LeastShare * values;

        void Look(string? text)
        {
            if (string.IsNullOrWhiteSpace(text))
                return;
            values++;
            texts += IsSentence(words, text) ? 1 : 0;
        }
    }

    public static ColumnMeasures Compare(
        string column, IReadOnlyList<DriftTest> tests, TextOptions options, ColumnReader referenceReader, ColumnReader currentReader, CancellationToken cancellationToken)
    {
        var reference = new TextSide(options, Seed);
        Stream(referenceReader, column, null, reference.Add, cancellationToken);
        var current = new TextSide(options, Seed + 1, reference);
        Stream(currentReader, column, null, current.Add, cancellationToken);
        bool hasBoth = reference.Count > 0 && current.Count > 0;
        var pair = new TextPair(reference, current, cancellationToken);
        return new()
        {
            Column = column,
            Kind = DriftColumnKind.Text,
            Tests = hasBoth ? tests.Select(test => new MeasuredTest(test, test.Texts!(pair))).ToList() : [], // RequireFit was asked before
            CertainDrift = (reference.Count, current.Count) switch
            {
                (0, > 0) => $"the reference has no text, the current rows have {current.Count:N0}",
                (> 0, 0) => $"the reference has {reference.Count:N0} texts, the current rows have none",
                _ => null,
            },
            NullShareReference = reference.Rows == 0 ? 0 : (double)reference.Nulls / reference.Rows,
            NullShareCurrent = current.Rows == 0 ? 0 : (double)current.Nulls / current.Rows,
            Bins = hasBoth ? Bins(ValueCounts.Merge(reference.LengthInWords, current.LengthInWords)) : null,
            Text = hasBoth ? TextSummary.Of(pair, options) : null,
            Note = hasBoth ? null : reference.Count + current.Count == 0 ? "Neither side has a text." : reference.Count == 0 ? "The reference has no text." : "The current rows have no text.",
        };
    }

    private static void Stream(ColumnReader reader, string column, long? limit, Action<string?> onText, CancellationToken cancellationToken) => reader.Rows(
        [new(column, RowType.Text)], limit, chunk =>
        {
            for (int row = 0; row < chunk.Rows; row++)
                onText(chunk.Text(0, row));
        }, cancellationToken);

    private static bool IsSentence(WordReader reader, string text)
    {
        if (text.AsSpan().Count(' ') < LeastWords - 1 && Ascii.IsValid(text))
            return false;
        int words = 0, unspaced = 0;
        reader.Start(text);
        while (reader.Next())
        {
            bool isUnspaced = reader.Word.Length <= 2 && Scripts.IsUnspaced(Scripts.Of(Rune.GetRuneAt(reader.Word.ToString(), 0)));
            (words, unspaced) = isUnspaced ? (words, unspaced + 1) : (words + (reader.Word.ContainsAnyInRange('0', '9') ? 0 : 1), unspaced);
        }
        // Three characters may be a person's name in Chinese; eight are a sentence.
        return unspaced >= 8 || (words >= LeastWords && text.AsSpan().Trim().Count(' ') >= LeastWords - 1);
    }

    // Words a text, over the middle 99 %.
    private static DriftBins Bins(MergedValues merged)
    {
        double[] edges = NumericBins.ForChart(Expand(merged.Values, merged.Reference, merged.ReferenceCount), Expand(merged.Values, merged.Current, merged.CurrentCount));
        return new() { Edges = edges, ReferenceShares = Shares(merged.Values, merged.Reference, merged.ReferenceCount, edges), CurrentShares = Shares(merged.Values, merged.Current, merged.CurrentCount, edges) };
    }

    // A thousand quantiles stand for all rows: enough for a picture's edges.
    private static double[] Expand(double[] values, long[] rows, long count)
    {
        var quantiles = new double[Math.Min(1000, count)];
        long passed = rows[0];
        for (int i = 0, value = 0; i < quantiles.Length; i++)
        {
            long rank = (long)((i + 0.5) / quantiles.Length * count);
            while (rank >= passed)
                passed += rows[++value];
            quantiles[i] = values[value];
        }
        return quantiles;
    }

    private static double[] Shares(double[] values, long[] rows, long count, double[] edges)
    {
        var shares = new double[edges.Length - 1];
        for (int i = 0; i < values.Length; i++)
        {
            int bin = Array.BinarySearch(edges, values[i]);
            shares[Math.Clamp(bin >= 0 ? bin : ~bin - 1, 0, shares.Length - 1)] += (double)rows[i] / count;
        }
        return shares;
    }
}
