using System.Globalization;
using System.Text;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>An array of any rank as nested brackets, one line a row, with aligned numbers. Long axes show their ends.</summary>
internal static class NumberBlock
{
    /// <summary>Positions of an axis that are shown at each end when it is long.</summary>
    public const int Edge = 3;

    private const int MaximumElements = 1500;

    /// <summary>Whether an axis is cut.</summary>
    public static bool IsLong(long length, bool small) => !small && length > 2 * Edge + 1;

    /// <summary>Writes the array, or null when even its ends are too much.</summary>
    /// <param name="shape">Length of each axis.</param>
    /// <param name="element">The text of the element at a position.</param>
    /// <param name="small">Whether to write all elements.</param>
    public static string? Write(IReadOnlyList<long> shape, Func<long[], string> element, bool small)
    {
        var axes = shape.Select(length => Positions(length, small)).ToList();
        if (axes.Aggregate(1L, (product, axis) => product * Math.Max(1, axis.Count)) > MaximumElements)
            return null;
        var texts = new List<string>();
        Visit(axes, new long[shape.Count], 0, position => texts.Add(element(position)));
        int width = texts.Select(text => text.Length).DefaultIfEmpty().Max();
        var next = 0;
        var output = new StringBuilder();
        Append(output, axes, 0, () => texts[next++].PadLeft(width));
        return output.ToString();
    }

    private static List<long?> Positions(long length, bool small) => IsLong(length, small)
        ? [0, 1, 2, null, length - 3, length - 2, length - 1]
        : Enumerable.Range(0, (int)length).Select(index => (long?)index).ToList();

    private static void Visit(List<List<long?>> axes, long[] position, int axis, Action<long[]> visit)
    {
        if (axis == axes.Count)
        {
            visit(position);
            return;
        }
        foreach (var index in axes[axis])
        {
            if (index is not { } known)
                continue;
            position[axis] = known;
            Visit(axes, position, axis + 1, visit);
        }
    }

    private static void Append(StringBuilder output, List<List<long?>> axes, int axis, Func<string> next)
    {
        if (axis == axes.Count)
        {
            output.Append(next());
            return;
        }
        output.Append('[');
        bool last = axis == axes.Count - 1;
        for (int index = 0; index < axes[axis].Count; index++)
        {
            if (index > 0)
                output.Append(last ? ", " : ",\n" + new string('\n', Math.Max(0, axes.Count - axis - 2)) + new string(' ', axis + 1));
            if (axes[axis][index] is null)
                output.Append('…');
            else
                Append(output, axes, axis + 1, next);
        }
        output.Append(']');
    }

    /// <summary>A shape as <c>[2, 3]</c>.</summary>
    public static string Shape(IEnumerable<long> lengths) => $"[{string.Join(", ", lengths.Select(length => length.ToString(CultureInfo.InvariantCulture)))}]";
}
