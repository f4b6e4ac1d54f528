using System.Text;

namespace Workbench.Notebooks.Promotion;

/// <summary>Unified diffs of two texts, from their longest common subsequence of lines.</summary>
internal static class LineDiff
{
    private const int Context = 3;

    /// <summary>The diff with its two head lines, ending with a line end; empty when the texts are equal.</summary>
    public static string Unified(string before, string after, string beforeName, string afterName)
    {
        var lines = Compare(Lines(before), Lines(after));
        if (lines.TrueForAll(line => line.Sign == ' '))
            return "";
        var text = new StringBuilder($"--- {beforeName}\n+++ {afterName}\n");
        for (int start = 0; Next(lines, start) is >= 0 and var change;)
        {
            int end = HunkEnd(lines, change);
            AppendHunk(text, lines, Math.Max(start, change - Context), end);
            start = end;
        }
        return text.ToString();
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

    private static int Next(List<(char Sign, string Text)> lines, int start) => lines.FindIndex(start, line => line.Sign != ' ');

    // Changes that are near enough to share their context are one hunk.
    private static int HunkEnd(List<(char Sign, string Text)> lines, int change)
    {
        int last = change;
        while (Next(lines, last + 1) is >= 0 and var next && next - last <= 2 * Context)
            last = next;
        return Math.Min(lines.Count, last + 1 + Context);
    }

    private static void AppendHunk(StringBuilder text, List<(char Sign, string Text)> lines, int start, int end)
    {
        int Before(int count) => lines.Take(count).Count(line => line.Sign != '+');
        int After(int count) => lines.Take(count).Count(line => line.Sign != '-');
        string Range(int from, int to) => $"{(to > from ? from + 1 : from)},{to - from}";
        text.Append($"@@ -{Range(Before(start), Before(end))} +{Range(After(start), After(end))} @@\n");
        foreach (var (sign, line) in lines[start..end])
            text.Append(sign).Append(line).Append('\n');
    }

    private static List<(char Sign, string Text)> Compare(string[] before, string[] after)
    {
        var common = CommonLengths(before, after);
        var lines = new List<(char, string)>();
        int i = 0, j = 0;
        while (i < before.Length || j < after.Length)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
                (i, j) = (i + 1, Keep(lines, ' ', after[j], j));
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
                i = Keep(lines, '-', before[i], i);
            else
                j = Keep(lines, '+', after[j], j);
        }
        return lines;
    }

    private static int Keep(List<(char, string)> lines, char sign, string text, int index)
    {
        lines.Add((sign, text));
        return index + 1;
    }

    // Length of the longest common subsequence of the lines from i and from j on.
    private static int[,] CommonLengths(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
            for (int j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        return common;
    }
}
