namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A language that is shown as it stands: Markdown, HTML, JavaScript, Mermaid.</summary>
/// <param name="name">Name of the language.</param>
/// <param name="mimeType">What the text is shown as.</param>
internal sealed class TextLanguage(string name, string mimeType) : ICellLanguage
{
    public string Name => name;

    public IReadOnlyList<string> Options => [];

    public object? Run(CellSegment segment, CellRun cell)
    {
        var text = segment.Source.Trim('\n');
        cell.Output.Display(MimeBundle.Of(mimeType, text, text), null, update: false);
        return null;
    }

    public void Dispose()
    {
    }
}
