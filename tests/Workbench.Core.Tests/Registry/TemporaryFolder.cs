using Workbench.Data;

namespace Workbench.Core.Tests.Registry;

/// <summary>A data folder of a test's own, removed at its end.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("workbench-").FullName;
    public DataFolder Data => new(Path) { SharedDatabase = SharedDatabase };
    /// <summary>A database on the tests' PostgreSQL server, or null for the folder's SQLite file.</summary>
    public DatabaseAddress? SharedDatabase { get; set; }

    public string Write(string name, string text)
    {
        var file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
