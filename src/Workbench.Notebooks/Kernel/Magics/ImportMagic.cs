using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!import other.ipynb</c>: runs the code of another notebook, or of a C# file, here.</summary>
internal sealed class ImportMagic(Action<string, CellRun> run) : ICellMagic
{
    private readonly Stack<string> _importing = [];

    public string Name => "import";

    public string Summary => "Runs the code of a notebook (.ipynb, .dib) or of a script (.cs, .csx, .fsx, .sql, .py) here: #!import PATH.";

    public IReadOnlyList<string> Options => [];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        if (magic.Options.Words is not [var given])
            throw new ArgumentException("#!import takes one path: #!import PATH. A path with spaces stands in quotes.");
        var path = Path.GetFullPath(given);
        if (_importing.Contains(path))
            throw new ArgumentException($"#!import {given}: the file imports itself ({string.Join(" → ", _importing.Reverse().Append(path).Select(Path.GetFileName))}).");
        _importing.Push(path);
        try
        {
            foreach (var code in Read(path))
                run(code, cell);
        }
        finally
        {
            _importing.Pop();
        }
    }

    private static List<string> Read(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"#!import: there is no file '{path}'. Paths are relative to '{Directory.GetCurrentDirectory()}'.") { Origin = path };
        var document = NotebookDocument.Load(path);
        return document.Cells.Where(cell => cell.Type == CellType.Code && !string.IsNullOrWhiteSpace(cell.Source)).Select(cell => cell.SourceToRun(document)).ToList();
    }
}
