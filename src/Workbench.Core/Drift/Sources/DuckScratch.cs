using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A private DuckDB with a temporary folder, both gone when it is disposed.</summary>
internal sealed class DuckScratch : IDisposable
{
    private readonly Lazy<ScratchFolder> _folder = new(() => new());

    public DuckSession Session { get; private set; } = DuckSession.Open();

    /// <summary>A file's path in the folder.</summary>
    public string File(string name) => Path.Combine(_folder.Value.Path, name);

    /// <summary>Starts with an empty database: a failure inside DuckDB leaves one that refuses everything.</summary>
    public void Restart()
    {
        Session.Dispose();
        Session = DuckSession.Open();
    }

    public void Dispose()
    {
        Session.Dispose();
        if (_folder.IsValueCreated)
            _folder.Value.Dispose();
    }
}
