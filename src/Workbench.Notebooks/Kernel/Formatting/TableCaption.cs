using System.Globalization;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>The line under a table: how large it is, and how much of it is here.</summary>
internal static class TableCaption
{
    public static string Of(ShownTable table, int shownRows)
    {
        var rows = table.TotalRows is { } total ? Count(total, "row") : $"first {Count(shownRows, "row")}, there are more";
        var text = $"{rows} × {Count(table.TotalColumns, "column")}{(table.Kind.Length > 0 ? " " + table.Kind : "")}";
        if (shownRows < table.TotalRows)
            text += string.Create(CultureInfo.InvariantCulture, $", the first {shownRows:N0} shown");
        return table.Columns.Count < table.TotalColumns ? $"{text}, the first {table.Columns.Count} columns shown" : text;
    }

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
