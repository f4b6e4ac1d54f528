namespace Workbench.Reports;

/// <summary>How much of each column a drift page holds. Many columns hold less each, so that the page stays small.</summary>
/// <param name="Categories">New and vanished categories that are listed.</param>
/// <param name="NameLength">Letters of a category.</param>
/// <param name="Words">Letters of a reason or remark.</param>
/// <param name="Values">Values of chunks over all columns; those of the columns that drifted farthest come first.</param>
internal sealed record DriftPageDetail(int Categories, int NameLength, int Words, int Values)
{
    /// <summary>From rich to poor.</summary>
    public static IReadOnlyList<DriftPageDetail> Levels { get; } = [new(100, 200, 2000, 60_000), new(20, 60, 500, 40_000), new(8, 30, 200, 20_000), new(2, 12, 80, 0)];

    /// <summary>The text, or its beginning.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
            return text;
        // Never half of a surrogate pair.
        int end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return text[..end] + "…";
    }
}
