namespace Workbench.Notebooks;

/// <summary>The names under which .NET Interactive's notebooks show values.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows the value in its richest form, or only in <paramref name="mimeTypes"/>.</summary>
    public static DisplayHandle Display(this object? value, params string[] mimeTypes) => Notebooks.Display.Show(value, mimeTypes);

    /// <summary>Shows the text as <paramref name="mimeType"/>.</summary>
    public static DisplayHandle DisplayAs(this string content, string mimeType) => Notebooks.Display.As(mimeType, content);

    /// <summary>Shows the rows as a table.</summary>
    public static DisplayHandle DisplayTable<T>(this IEnumerable<T> rows) => Notebooks.Display.Table(rows);
}
