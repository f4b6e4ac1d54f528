using Workbench.Data;

namespace Workbench.Notebooks.Format;

/// <summary>What a file is to a notebook, by its extension.</summary>
internal static class NotebookFile
{
    public const string Jupyter = ".ipynb";
    public const string Dib = ".dib";

    // A script is one cell.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.OrdinalIgnoreCase)
    {
        [".cs"] = CellLanguages.CSharp, [".csx"] = CellLanguages.CSharp, [".fs"] = "fsharp", [".fsx"] = "fsharp", [".sql"] = "sql", [".py"] = "python",
        [".ps1"] = "pwsh", [".js"] = "javascript", [".html"] = "html", [".mmd"] = "mermaid", [".kql"] = "kql", [".http"] = "http", [".md"] = CellLanguages.Markdown,
    };

    /// <exception cref="DataException">The text is damaged.</exception>
    public static NotebookDocument Read(string text, string path)
    {
        if (Is(path, Dib))
            return DibReader.Read(text, path);
        return Scripts.TryGetValue(Path.GetExtension(path), out var language) ? DibReader.OfScript(text, language) : NotebookDocument.Parse(text, path);
    }

    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        var temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a full path to a file has a folder
            File.WriteAllText(temporary, text);
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot write notebook '{full}': {failure.Message} Make the folder writable or name another output.", failure) { Origin = full };
        }
    }

    public static bool Is(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
}
