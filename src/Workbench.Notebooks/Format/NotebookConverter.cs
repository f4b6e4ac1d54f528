using Workbench.Data;

namespace Workbench.Notebooks.Format;

/// <summary>Turns notebooks of Jupyter (.ipynb) into those of .NET Interactive (.dib), and back.</summary>
public static class NotebookConverter
{
    /// <summary>Reads one file and writes the other; the extensions say what they are.</summary>
    /// <param name="from">A notebook, or a script, which is one cell.</param>
    /// <param name="to">An .ipynb or a .dib.</param>
    /// <returns>What <paramref name="to"/> cannot hold, one line each, such as <c>outputs of cells 2, 5</c>; empty when nothing is lost.</returns>
    /// <exception cref="DataException">A file cannot be read or written, both have the same form, or a text cell would fall apart.</exception>
    public static IReadOnlyList<string> Convert(string from, string to)
    {
        bool dib = NotebookFile.Is(to, NotebookFile.Dib);
        if (!dib && !NotebookFile.Is(to, NotebookFile.Jupyter))
            throw new DataException($"'{to}' is neither {NotebookFile.Jupyter} nor {NotebookFile.Dib}. Name the file with the form that it shall have.") { Origin = to };
        if (NotebookFile.Is(from, Path.GetExtension(to)))
            throw new DataException($"'{from}' and '{to}' have the same form. Copy the file, or convert between {NotebookFile.Jupyter} and {NotebookFile.Dib}.") { Origin = from };
        var document = NotebookDocument.Load(from);
        if (!dib)
        {
            document.Save(to);
            return [];
        }
        var (text, notes) = DibWriter.Write(document, from);
        NotebookFile.Write(to, text);
        return notes;
    }
}
