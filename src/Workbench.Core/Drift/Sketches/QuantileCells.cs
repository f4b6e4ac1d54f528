namespace Workbench.Drift.Sketches;

/// <summary>The bins of <see cref="Numeric.NumericBins"/>, from sketches.</summary>
internal static class QuantileCells
{
    private readonly record struct Edge(CellRange Reference, CellRange Current, double ReferenceGuess, double CurrentGuess);

    /// <summary>Marks the stretches that hold an edge whose place is open in <paramref name="open"/>.</summary>
    public static BoundedShares Of(SketchPair pair, int parts, bool[] open)
    {
        var (before, edges) = (Before(pair), new SortedDictionary<double, Edge>());
        double min = pair.Reference.Min, afterMax = double.BitIncrement(pair.Reference.Max), previous = min;
        AddKnown(edges, pair, before, min, open);
        AddKnown(edges, pair, before, afterMax, open);
        int place = 0, previousPlace = FirstWithReference(pair);
        bool areCellsKnown = true;
        for (int i = 1; i < parts; i++)
        {
            long rank = (long)((Int128)i * pair.Reference.Count / parts);
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
        return Cells([.. edges.Values], pair, areCellsKnown);
    }

    // Rows of both sides before each stretch, and all of them at the end.
    private static (long Reference, long Current)[] Before(SketchPair pair)
    {
        var before = new (long Reference, long Current)[pair.Stretches.Count + 1];
        for (int i = 0; i < pair.Stretches.Count; i++)
            before[i + 1] = (before[i].Reference + pair.Stretches[i].Reference.Count, before[i].Current + pair.Stretches[i].Current.Count);
        return before;
    }

    private static int FirstWithReference(SketchPair pair)
    {
        int first = 0;
        while (pair.Stretches[first].Reference.Count == 0)
            first++;
        return first;
    }

    private static void AddKnown(SortedDictionary<double, Edge> edges, SketchPair pair, (long Reference, long Current)[] before, double value, bool[] open)
    {
        int place = Find(pair.Stretches, value);
        if (place == pair.Stretches.Count)
        {
            edges[value] = new(new(before[place].Reference, before[place].Reference), new(before[place].Current, before[place].Current), before[place].Reference, before[place].Current);
            return;
        }
        var (reference, current) = (pair.Stretches[place].Reference.Below(value), pair.Stretches[place].Current.Below(value));
        open[place] |= reference.Least != reference.Most || current.Least != current.Most;
        edges[value] = new(
            new(before[place].Reference + reference.Least, before[place].Reference + reference.Most), new(before[place].Current + current.Least, before[place].Current + current.Most),
            before[place].Reference + reference.Guess, before[place].Current + current.Guess);
    }

    // The quantile of a rank somewhere inside a stretch: no more than rank reference values lie below it.
    private static void AddOpen(SortedDictionary<double, Edge> edges, Stretch stretch, (long Reference, long Current) before, long rank)
    {
        double share = (rank - before.Reference) / (double)stretch.Reference.Count;
        double value = stretch.Reference.Min + (stretch.Reference.Max - stretch.Reference.Min) * share;
        var (least, most) = (stretch.Current.Below(stretch.Reference.Min).Least, stretch.Current.Below(stretch.Reference.Max).Most);
        edges[value] = new(
            new(before.Reference, rank), new(before.Current + least, before.Current + most),
            rank, before.Current + Math.Clamp(stretch.Current.Below(value).Guess, least, most));
    }

    // The first stretch that does not lie below the value.
    private static int Find(IReadOnlyList<Stretch> stretches, double value)
    {
        int low = 0, high = stretches.Count;
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
        edges.Add(new(new(n, n), new(m, m), n, m));
        var from = default(Edge);
        var (reference, current, guess) = (new List<CellRange>(), new List<CellRange>(), new List<(long Reference, long Current)>());
        foreach (var to in edges)
        {
            reference.Add(Between(from.Reference, to.Reference));
            current.Add(Between(from.Current, to.Current));
            guess.Add((Between(from.ReferenceGuess, to.ReferenceGuess), Between(from.CurrentGuess, to.CurrentGuess)));
            from = to;
        }
        return new(new(guess.Select(cell => cell.Reference).ToArray(), guess.Select(cell => cell.Current).ToArray()), reference, current, areCellsKnown);
    }

    private static CellRange Between(CellRange from, CellRange to) => new(Math.Max(0, to.Least - from.Most), Math.Max(0, to.Most - from.Least));

    // Rounded edges, so that the cells add up to all rows.
    private static long Between(double from, double to) => (long)Math.Round(to) - (long)Math.Round(from);
}
