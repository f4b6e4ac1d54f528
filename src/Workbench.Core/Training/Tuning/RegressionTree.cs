namespace Workbench.Training.Tuning;

/// <summary>
/// A regression tree (Breiman et al. 1984) over the axes of a space, grown until its leaves hold one value, kept as the
/// boxes of its leaves: of each axis an interval of the coordinate, or a set of categories.
/// </summary>
internal sealed class RegressionTree
{
    private const int FewestToSplit = 2;
    private const int Deepest = 64;

    private readonly IReadOnlyList<SearchAxis> _axes;
    private readonly List<Leaf> _leaves = [];

    private RegressionTree(IReadOnlyList<SearchAxis> axes) => _axes = axes;

    public static RegressionTree Grow(IReadOnlyList<SearchAxis> axes, IReadOnlyList<(double[] X, double Y)> rows)
    {
        var tree = new RegressionTree(axes);
        tree.Grow(rows, [.. axes.Select(axis => axis.IsCategorical ? Side.Categories(Enumerable.Range(0, axis.Choices).ToHashSet()) : Side.Interval(axis.Low, axis.High))], 0);
        return tree;
    }

    /// <summary>Variance, over uniform values of one axis, of the mean prediction over uniform values of all others.</summary>
    public double MarginalVariance(int axis)
    {
        var pieces = _axes[axis].IsCategorical
            ? Enumerable.Range(0, _axes[axis].Choices).Select(category => (At: (double)category, Share: 1.0 / _axes[axis].Choices)).ToList()
            : Pieces(axis);
        var means = pieces.Select(piece => _leaves.Where(leaf => leaf.Sides[axis].Holds(piece.At)).Sum(leaf => leaf.Value * ShareOfOthers(leaf, axis))).ToList();
        double mean = pieces.Zip(means, (piece, value) => piece.Share * value).Sum();
        return pieces.Zip(means, (piece, value) => piece.Share * (value - mean) * (value - mean)).Sum();
    }

    private void Grow(IReadOnlyList<(double[] X, double Y)> rows, Side[] box, int depth)
    {
        var split = rows.Count < FewestToSplit || depth == Deepest ? null : BestSplit(rows);
        if (split is null)
        {
            _leaves.Add(new(box, rows.Average(row => row.Y)));
            return;
        }
        var (axis, at) = split.Value;
        bool IsLeft((double[] X, double Y) row) => _axes[axis].IsCategorical ? row.X[axis].Equals(at) : row.X[axis] < at;
        var (left, right) = box[axis].Split(at);
        Grow([.. rows.Where(IsLeft)], With(box, axis, left), depth + 1);
        Grow([.. rows.Where(row => !IsLeft(row))], With(box, axis, right), depth + 1);
    }

    // The split that leaves the least squared error: a threshold between two values, or one category against the rest.
    private (int Axis, double At)? BestSplit(IReadOnlyList<(double[] X, double Y)> rows)
    {
        double total = rows.Sum(row => row.Y), squares = rows.Sum(row => row.Y * row.Y);
        double least = (squares - total * total / rows.Count) * (1 - 1e-9);
        (int Axis, double At)? best = null;
        if (least <= 1e-12 * Math.Max(1e-300, squares))
            return null; // one value, as far as doubles can tell
        for (int axis = 0; axis < _axes.Count; axis++)
            foreach (var (at, count, sum) in _axes[axis].IsCategorical ? ByCategory(rows, axis) : ByThreshold(rows, axis))
            {
                double rest = total - sum, error = squares - sum * sum / count - rest * rest / (rows.Count - count);
                if (error < least)
                    (least, best) = (error, (axis, at));
            }
        return best;
    }

    private static IEnumerable<(double At, int Count, double Sum)> ByThreshold(IReadOnlyList<(double[] X, double Y)> rows, int axis)
    {
        var sorted = rows.OrderBy(row => row.X[axis]).ToList();
        double sum = 0;
        for (int i = 1; i < sorted.Count; i++)
        {
            sum += sorted[i - 1].Y;
            if (sorted[i - 1].X[axis] < sorted[i].X[axis])
                yield return ((sorted[i - 1].X[axis] + sorted[i].X[axis]) / 2, i, sum);
        }
    }

    private static IEnumerable<(double At, int Count, double Sum)> ByCategory(IReadOnlyList<(double[] X, double Y)> rows, int axis) =>
        rows.GroupBy(row => row.X[axis]).Where(group => group.Count() < rows.Count).OrderBy(group => group.Key).Select(group => (group.Key, group.Count(), group.Sum(row => row.Y)));

    private List<(double At, double Share)> Pieces(int axis)
    {
        var edges = _leaves.SelectMany(leaf => new[] { leaf.Sides[axis].Low, leaf.Sides[axis].High }).Distinct().Order().ToList();
        return [.. edges.Zip(edges.Skip(1), (from, to) => ((from + to) / 2, (to - from) / (_axes[axis].High - _axes[axis].Low)))];
    }

    private double ShareOfOthers(Leaf leaf, int axis)
    {
        double share = 1;
        for (int i = 0; i < _axes.Count; i++)
            if (i != axis)
                share *= leaf.Sides[i].ShareOf(_axes[i]);
        return share;
    }

    private static Side[] With(Side[] box, int axis, Side side)
    {
        var copy = (Side[])box.Clone();
        copy[axis] = side;
        return copy;
    }

    private sealed record Leaf(Side[] Sides, double Value);

    /// <summary>What a box takes of one axis.</summary>
    private sealed record Side(double Low, double High, IReadOnlySet<int>? Set)
    {
        public static Side Interval(double low, double high) => new(low, high, null);

        public static Side Categories(IReadOnlySet<int> set) => new(0, 0, set);

        public bool Holds(double at) => Set is null ? at >= Low && at < High : Set.Contains((int)at);

        public double ShareOf(SearchAxis axis) => Set is null ? (High - Low) / (axis.High - axis.Low) : (double)Set.Count / axis.Choices;

        public (Side Left, Side Right) Split(double at) => Set is null
            ? (Interval(Low, at), Interval(at, High))
            : (Categories(new HashSet<int> { (int)at }), Categories(Set.Where(category => category != (int)at).ToHashSet()));
    }
}
