using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A private DuckDB with a temporary folder, both gone when it is disposed.</summary>
internal sealed class DuckScratch : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"workbench-drift-{Guid.NewGuid():N}");

    public DuckSession Session { get; private set; } = DuckSession.Open();

    /// <summary>A file's path in the folder, which is created when it is missing.</summary>
    public string File(string name)
    {
        Directory.CreateDirectory(_folder);
        return Path.Combine(_folder, name);
    }

    /// <summary>Starts with an empty database: a failure inside DuckDB leaves one that refuses everything.</summary>
    public void Restart()
    {
        Session.Dispose();
        Session = DuckSession.Open();
    }

    public void Dispose()
    {
        Session.Dispose();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
