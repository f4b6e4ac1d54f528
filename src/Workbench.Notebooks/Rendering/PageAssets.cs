namespace Workbench.Notebooks.Rendering;

/// <summary>The fixed style and scripts of every report; they lie beside this file.</summary>
internal static class PageAssets
{
    /// <summary>Look of the page, on screens and on paper.</summary>
    public static string Style { get; } = Read("report.css");

    /// <summary>Draws charts and diagrams, sizes frames, folds code.</summary>
    public static string Script { get; } = Read("report.js");

    /// <summary>Runs inside a frame with a cell's HTML: tells its height.</summary>
    public static string FrameScript { get; } = Read("frame.js");

    /// <summary>Look of a cell's HTML where it brings none.</summary>
    public static string FrameStyle { get; } = Read("frame.css");

    /// <summary>Runs inside the frame that draws diagrams.</summary>
    public static string DiagramScript { get; } = Read("diagrams.js");

    // The browser hashes what its parser made of a script, which knows one line ending only.
    private static string Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Rendering/{name}")
            ?? throw new InvalidOperationException($"The assembly has no resource 'Rendering/{name}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
