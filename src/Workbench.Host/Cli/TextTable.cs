namespace Workbench.Host.Cli;

/// <summary>Plain columns for people and for grep.</summary>
internal static class TextTable
{
    public static void Write(string[] headings, IEnumerable<string[]> rows, string empty)
    {
        var all = rows.ToList();
        if (all.Count == 0)
        {
            Console.WriteLine(empty);
            return;
        }
        var widths = headings.Select((heading, column) => all.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        foreach (var row in all.Prepend(headings))
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
