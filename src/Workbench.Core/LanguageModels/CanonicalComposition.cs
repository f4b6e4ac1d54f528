using System.Globalization;
using System.Text;

namespace Workbench.LanguageModels;

/// <summary>
/// Unicode's normalisation form C (https://www.unicode.org/reports/tr15/). Our programs run in the invariant culture,
/// where string.Normalize leaves everything beyond ASCII as it is.
/// </summary>
internal static class CanonicalComposition
{
    // Hangul syllables, by the arithmetic of the standard's section 3.12.
    private const int FirstSyllable = 0xAC00, FirstLead = 0x1100, FirstVowel = 0x1161, FirstTail = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Lazy<Tables> Data = new(Read);

    private sealed record Tables(
        Dictionary<int, byte> Classes, Dictionary<int, int[]> Parts, Dictionary<(int First, int Second), int> Composed, HashSet<int> Suspects);

    /// <summary>The text with every character composed and in canonical order.</summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u02FF') || !text.EnumerateRunes().Any(rune => Data.Value.Suspects.Contains(rune.Value) || IsJamo(rune.Value)))
            return text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            TakeApart(rune.Value, points);
        Order(points);
        return Text(PutTogether(points));
    }

    private static void TakeApart(int point, List<int> points)
    {
        int syllable = point - FirstSyllable;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            points.Add(FirstLead + syllable / (Vowels * Tails));
            points.Add(FirstVowel + syllable / Tails % Vowels);
            if (syllable % Tails > 0)
                points.Add(FirstTail + syllable % Tails);
        }
        else if (Data.Value.Parts.TryGetValue(point, out var parts))
            foreach (int part in parts)
                TakeApart(part, points);
        else
            points.Add(point);
    }

    // A stable sort of each run of marks.
    private static void Order(List<int> points)
    {
        for (int i = 1; i < points.Count; i++)
            for (int j = i; j > 0 && Class(points[j]) is > 0 and var own && Class(points[j - 1]) > own; j--)
                (points[j - 1], points[j]) = (points[j], points[j - 1]);
    }

    private static List<int> PutTogether(List<int> points)
    {
        var result = new List<int>(points.Count);
        int starter = -1;    // where the last character of class 0 lies in the result
        int lastClass = -1;  // the class of what was kept behind it; -1 when nothing was
        foreach (int point in points)
        {
            int own = Class(point);
            if (starter >= 0 && lastClass < own && Pair(result[starter], point) is { } composed)
                result[starter] = composed;
            else
            {
                if (own == 0)
                    (starter, lastClass) = (result.Count, -1);
                else
                    lastClass = own;
                result.Add(point);
            }
        }
        return result;
    }

    private static int? Pair(int first, int second)
    {
        if (first is >= FirstLead and < FirstLead + Leads && second is >= FirstVowel and < FirstVowel + Vowels)
            return FirstSyllable + ((first - FirstLead) * Vowels + second - FirstVowel) * Tails;
        if (first is >= FirstSyllable and < FirstSyllable + Leads * Vowels * Tails && (first - FirstSyllable) % Tails == 0 && second is > FirstTail and < FirstTail + Tails)
            return first + second - FirstTail;
        return Data.Value.Composed.TryGetValue((first, second), out int composed) ? composed : null;
    }

    private static byte Class(int point) => Data.Value.Classes.GetValueOrDefault(point);

    private static bool IsJamo(int point) => point is >= FirstVowel and < FirstTail + Tails;

    private static string Text(List<int> points)
    {
        var text = new StringBuilder(points.Count);
        foreach (int point in points)
            text.Append(new Rune(point));
        return text.ToString();
    }

    private static Tables Read()
    {
        var tables = new Tables([], [], [], []);
        using var stream = typeof(CanonicalComposition).Assembly.GetManifestResourceStream("Workbench.LanguageModels.canonical.txt")!;   // embedded by the project file
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line[0] != '#')
                Add(line, tables);
        return tables;
    }

    private static void Add(string line, Tables tables)
    {
        string[] fields = line.TrimStart('!').Split(' ');
        if (fields[0].Split('-') is [var first, var last])
        {
            for (int point = Hex(first); point <= Hex(last); point++)
            {
                tables.Classes[point] = byte.Parse(fields[1], CultureInfo.InvariantCulture);
                tables.Suspects.Add(point);
            }
            return;
        }
        int whole = Hex(fields[0]);
        int[] parts = fields[1..].Select(Hex).ToArray();
        tables.Parts[whole] = parts;
        if (line[0] == '!')
            tables.Suspects.Add(whole);
        else
        {
            tables.Composed[(parts[0], parts[1])] = whole;
            tables.Suspects.Add(parts[1]);
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
