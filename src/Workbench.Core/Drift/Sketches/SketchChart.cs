using Workbench.Drift.Numeric;

namespace Workbench.Drift.Sketches;

/// <summary>Bins for a picture, from sketches: a sketch's bin counts where its mean lies.</summary>
internal static class SketchChart
{
    /// <summary>Null when neither side has a value; a side without values is drawn as zeros.</summary>
    public static DriftBins? Bins(NumericSketch reference, NumericSketch current)
    {
        if (reference.Count == 0 && current.Count == 0)
            return null;
        var some = reference.Count > 0 ? reference : current;
        var other = current.Count > 0 ? current : reference;
        double[] edges = NumericBins.ForChart(
            Math.Min(Quantile(some, 0.005), Quantile(other, 0.005)), Math.Max(Quantile(some, 0.995), Quantile(other, 0.995)),
            Math.Min(some.Min, other.Min), Math.Max(some.Max, other.Max), some.Count + (double)other.Count);
        return new() { Edges = edges, ReferenceShares = Shares(reference, edges), CurrentShares = Shares(current, edges) };
    }

    private static double Quantile(NumericSketch sketch, double share)
    {
        long rank = (long)(share * (sketch.Count - 1)), seen = 0;
        foreach (var bin in sketch.Bins)
        {
            seen += bin.Count;
            if (seen > rank)
                return Mean(sketch, bin);
        }
        return sketch.Max;
    }

    private static double[] Shares(NumericSketch sketch, double[] edges)
    {
        var shares = new double[edges.Length - 1];
        int place = 0;
        foreach (var bin in sketch.Bins)
        {
            double mean = Mean(sketch, bin);
            while (place < shares.Length - 1 && mean >= edges[place + 1])
                place++;
            shares[place] += (double)bin.Count / sketch.Count;
        }
        return shares;
    }

    private static double Mean(NumericSketch sketch, SketchBin bin) => Math.Clamp(SketchKey.Edge(bin.Bin, sketch.Shift) + bin.Offset / bin.Count, bin.Min, bin.Max);
}
