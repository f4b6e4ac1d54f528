using System.Text;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>A table as aligned plain text: its first rows, and as many columns as a terminal is wide.</summary>
internal static class TableText
{
    private const int Width = 160;
    private const int LongestText = 40;

    public static string Render(ShownTable table)
    {
        var texts = table.Texts().Take(ShownTable.PageSize).Select(row => row.Select(Line).ToArray()).ToList();
        var widths = table.Columns.Select((column, index) => texts.Select(row => row[index].Length).Append(Line(column.Name).Length).Max()).ToList();
        int fitting = Fitting(widths);
        var text = new StringBuilder();
        if (table.Columns.Count > 0)
            AppendLine(text, table, table.Columns.Select(column => Line(column.Name)).ToArray(), widths, fitting);
        foreach (var row in texts)
            AppendLine(text, table, row, widths, fitting);
        text.Append(TableCaption.Of(table with { Columns = table.Columns.Take(fitting).ToList() }, texts.Count));
        return table.Failure is null ? text.ToString() : text.Append('\n').Append(table.Failure).ToString();
    }

    private static int Fitting(List<int> widths)
    {
        int fitting = 0;
        for (int used = 0; fitting < widths.Count && (fitting == 0 || used + widths[fitting] <= Width); fitting++)
            used += widths[fitting] + 2;
        return fitting;
    }

    private static string Line(object? value) => value switch
    {
        null => "null",
        CellFailure failure => TableHtml.Cut($"({failure.Message})", LongestText),
        _ => TableHtml.Cut(((string)value).ReplaceLineEndings("⏎").Replace('\t', ' '), LongestText),
    };

    private static void AppendLine(StringBuilder text, ShownTable table, string[] values, List<int> widths, int fitting)
    {
        var cells = values.Take(fitting).Select((value, column) => table.Columns[column].IsNumeric ? value.PadLeft(widths[column]) : value.PadRight(widths[column]));
        text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
    }
}
