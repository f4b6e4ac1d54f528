namespace Workbench.Notebooks;

/// <summary>The names under which .NET Interactive's notebooks show values.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows the value in its richest form.</summary>
    public static DisplayHandle Display(this object? value) => Notebooks.Display.Show(value);

    /// <summary>Shows the text as <paramref name="mimeType"/>.</summary>
    public static DisplayHandle DisplayAs(this string content, string mimeType) => Notebooks.Display.As(mimeType, content);
}
