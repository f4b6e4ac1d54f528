namespace Workbench.Notebooks.Rendering;

/// <summary>What changed between two texts, line by line, by their longest common subsequence.</summary>
internal static class LineDiff
{
    // A table of that many numbers takes 16 MB; longer texts are shown as replaced.
    private const long LargestTable = 4_000_000;

    /// <summary>Lines in order, each with <c>' '</c> for both, <c>'-'</c> for the left and <c>'+'</c> for the right text.</summary>
    public static IReadOnlyList<(char Mark, string Line)> Of(string left, string right)
    {
        string[] a = left.Split('\n'), b = right.Split('\n');
        int start = 0, end = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        return [.. a[..start].Select(line => (' ', line)), .. Middle(a[start..^end], b[start..^end]), .. a[^end..].Select(line => (' ', line))];
    }

    private static IEnumerable<(char Mark, string Line)> Middle(string[] a, string[] b)
    {
        if ((a.Length + 1L) * (b.Length + 1L) > LargestTable)
            return [.. a.Select(line => ('-', line)), .. b.Select(line => ('+', line))];
        var common = new int[a.Length + 1, b.Length + 1]; // length of the common subsequence of a[i..] and b[j..]
        for (int i = a.Length - 1; i >= 0; i--)
            for (int j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        return Walk(a, b, common);
    }

    private static IEnumerable<(char Mark, string Line)> Walk(string[] a, string[] b, int[,] common)
    {
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            if (i < a.Length && j < b.Length && a[i] == b[j])
            {
                yield return (' ', a[i++]);
                j++;
            }
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1]))
                yield return ('-', a[i++]);
            else
                yield return ('+', b[j++]);
        }
    }
}
