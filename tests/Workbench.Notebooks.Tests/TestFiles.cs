using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Tests;

/// <summary>A folder that a test writes into, removed behind it, and the notebooks that tests run.</summary>
public sealed class TestFiles : IDisposable
{
    private static readonly string Executable = OperatingSystem.IsWindows() ? "Workbench.Notebooks.TestKernel.exe" : "Workbench.Notebooks.TestKernel";

    public string Folder { get; } = Directory.CreateTempSubdirectory("workbench-notebooks-").FullName;

    /// <summary>The kernel process of the tests, built beside them.</summary>
    public static IReadOnlyList<string> KernelCommand { get; } =
        [Path.Combine(AppContext.BaseDirectory.Replace("Workbench.Notebooks.Tests", "Workbench.Notebooks.TestKernel", StringComparison.Ordinal), Executable), "{connection_file}"];

    /// <summary>A program for the ranks of a job, built beside the tests.</summary>
    public static string RankProgram { get; } = Path.Combine(AppContext.BaseDirectory.Replace("Workbench.Notebooks.Tests", "Workbench.Core.TestRank", StringComparison.Ordinal), "Workbench.Core.TestRank");

    /// <summary>The folder that holds Workbench.sln.</summary>
    public static string Repository { get; } = FindRepository();

    public string At(string name) => Path.Combine(Folder, name);

    /// <summary>Writes a C# notebook whose cells carry these tags and sources.</summary>
    public string Notebook(params (string Tags, string Source)[] cells) => Notebook("notebook.ipynb", cells);

    public string Notebook(string name, params (string Tags, string Source)[] cells)
    {
        var document = NotebookDocument.Create();
        for (int index = 0; index < cells.Length; index++)
            document.Cells.Add(NotebookCell.Code($"c{index + 1}", cells[index].Source, cells[index].Tags.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        document.Save(At(name));
        return At(name);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Workbench.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException($"No Workbench.sln above '{AppContext.BaseDirectory}'.");
    }
}
