using System.Text;
using Workbench.Drift;

namespace Workbench.Reports;

/// <summary>Both distributions of a column as a picture of a few hundred bytes.</summary>
internal static class DriftSparkline
{
    private const int Width = 64, Height = 20, MostSteps = 16;

    /// <summary>An svg element; empty when there is nothing to draw. It is hidden from screen readers: the row beside it says the same in figures.</summary>
    public static string Draw(DriftBins? bins)
    {
        if (bins is null || bins.ReferenceShares.Count == 0)
            return "";
        int joined = (bins.ReferenceShares.Count + MostSteps - 1) / MostSteps;
        var (reference, current) = (Steps(bins.ReferenceShares, joined), Steps(bins.CurrentShares, joined));
        double most = reference.Concat(current).Max();
        return most <= 0 ? "" : $"<svg class=\"spark\" viewBox=\"0 0 {Width} {Height}\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{Path("of-reference", reference, most)}{Path("of-current", current, most)}</svg>";
    }

    private static List<double> Steps(IReadOnlyList<double> shares, int joined) => shares.Chunk(joined).Select(chunk => chunk.Sum()).ToList();

    // From the lower left corner up and down and to the right, in steps relative to the last point.
    private static string Path(string side, List<double> shares, double most)
    {
        var path = new StringBuilder($"M0 {Height}");
        int level = 0, x = 0;
        for (int i = 0; i < shares.Count; i++)
        {
            int next = (int)Math.Round(shares[i] / most * (Height - 1));
            int right = Width * (i + 1) / shares.Count;
            if (next != level)
                path.Append('v').Append(level - next);
            path.Append('h').Append(right - x);
            (level, x) = (next, right);
        }
        return $"<path class=\"{side}\" d=\"{path.Append('V').Append(Height).Append('z')}\"/>";
    }
}
