namespace Workbench.Drift.Sketches;

/// <summary>The bins that split the reference into equal parts (<see cref="Numeric.NumericBins"/>), from sketches.</summary>
internal static class QuantileCells
{
    /// <summary>Marks the stretches that hold an edge whose place is open in <paramref name="open"/>.</summary>
    public static BoundedShares Of(SketchPair pair, int parts, bool[] open)
    {
        var (before, edges) = (Before(pair), new List<Edge>());
        double min = pair.Reference.Min, afterMax = double.BitIncrement(pair.Reference.Max), previous = min;
        AddKnown(edges, pair, before, min, open);
        AddKnown(edges, pair, before, afterMax, open);
        int place = 0, previousPlace = FirstWithReference(pair);
        bool areCellsKnown = true;
        var (rows, restRows) = Math.DivRem(pair.Reference.Count, parts);
        for (int i = 1; i < parts; i++)
        {
            long rank = i * rows + i * restRows / parts; // i · Count / parts, without a product that overflows
            while (before[place + 1].Reference <= rank)
                place++;
            var part = pair.Stretches[place].Reference;
            if (part.IsOneValue || rank == before[place].Reference)
            {
                AddKnown(edges, pair, before, part.Min, open);
                if (part.Min == previous)
                    AddKnown(edges, pair, before, double.BitIncrement(part.Min), open);
                previous = part.Min;
            }
            else
            {
                // Whether it equals the quantile before it decides how many cells there are.
                areCellsKnown &= place != previousPlace;
                AddOpen(edges, pair.Stretches[place], before[place], rank);
                open[place] = true;
                previous = double.NaN;
            }
            previousPlace = place;
        }
        return Cells(edges, pair, areCellsKnown);
    }

    // Rows of both sides before each stretch, and all of them at the end.
    private static Rows[] Before(SketchPair pair)
    {
        var before = new Rows[pair.Stretches.Length + 1];
        for (int i = 0; i < pair.Stretches.Length; i++)
            before[i + 1] = new(before[i].Reference + pair.Stretches[i].Reference.Count, before[i].Current + pair.Stretches[i].Current.Count);
        return before;
    }

    private static int FirstWithReference(SketchPair pair)
    {
        int first = 0;
        while (pair.Stretches[first].Reference.Count == 0)
            first++;
        return first;
    }

    private static void AddKnown(List<Edge> edges, SketchPair pair, Rows[] before, double value, bool[] open)
    {
        int place = Find(pair.Stretches, value);
        var (reference, current) = before[place];
        if (place == pair.Stretches.Length)
        {
            Put(edges, new(value, new(reference, reference), new(current, current), reference, current));
            return;
        }
        var (left, right) = (pair.Stretches[place].Reference.Below(value), pair.Stretches[place].Current.Below(value));
        open[place] |= left.Least != left.Most || right.Least != right.Most;
        Put(edges, new(value, new(reference + left.Least, reference + left.Most), new(current + right.Least, current + right.Most), reference + left.Guess, current + right.Guess));
    }

    // The quantile of a rank somewhere inside a stretch: no more than rank reference values lie below it.
    private static void AddOpen(List<Edge> edges, Stretch stretch, Rows before, long rank)
    {
        double share = (rank - before.Reference) / (double)stretch.Reference.Count;
        double value = stretch.Reference.Min + (stretch.Reference.Max - stretch.Reference.Min) * share;
        var (least, most) = (stretch.Current.Below(stretch.Reference.Min).Least, stretch.Current.Below(stretch.Reference.Max).Most);
        Put(edges, new(
            value, new(before.Reference, rank), new(before.Current + least, before.Current + most),
            rank, before.Current + Math.Clamp(stretch.Current.Below(value).Guess, least, most)));
    }

    // Into its place; the later one stands where two are equal.
    private static void Put(List<Edge> edges, Edge edge)
    {
        int place = edges.Count;
        while (place > 0 && edges[place - 1].Value >= edge.Value)
            place--;
        if (place < edges.Count && edges[place].Value == edge.Value)
            edges[place] = edge;
        else
            edges.Insert(place, edge);
    }

    // The first stretch that does not lie below the value.
    private static int Find(ReadOnlySpan<Stretch> stretches, double value)
    {
        int low = 0, high = stretches.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (stretches[middle].High < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static BoundedShares Cells(List<Edge> edges, SketchPair pair, bool areCellsKnown)
    {
        long n = pair.Reference.Count, m = pair.Current.Count;
        edges.Add(new(double.PositiveInfinity, new(n, n), new(m, m), n, m));
        var (reference, current) = (new CellRange[edges.Count], new CellRange[edges.Count]);
        long[] referenceGuess = new long[edges.Count], currentGuess = new long[edges.Count];
        var from = default(Edge);
        for (int i = 0; i < edges.Count; i++)
        {
            var to = edges[i];
            (reference[i], current[i]) = (Between(from.Reference, to.Reference), Between(from.Current, to.Current));
            (referenceGuess[i], currentGuess[i]) = (Between(from.ReferenceGuess, to.ReferenceGuess), Between(from.CurrentGuess, to.CurrentGuess));
            from = to;
        }
        return new(new(referenceGuess, currentGuess), reference, current, areCellsKnown);
    }

    private static CellRange Between(CellRange from, CellRange to) => new(Math.Max(0, to.Least - from.Most), Math.Max(0, to.Most - from.Least));

    // Rounded edges, so that the cells add up to all rows.
    private static long Between(double from, double to) => (long)Math.Round(to) - (long)Math.Round(from);

    private readonly record struct Rows(long Reference, long Current);

    private readonly record struct Edge(double Value, CellRange Reference, CellRange Current, double ReferenceGuess, double CurrentGuess);
}
