namespace Workbench.Data;

/// <summary>
/// The one folder that holds everything a Workbench installation keeps: <c>workbench.db</c> (relational store, unless
/// <see cref="SharedDatabase"/> names a server), <c>artifacts/</c> (content-addressed files), <c>events/</c> (Parquet event
/// log), <c>runs/</c> (working folders of steps and notebook reports), <c>jobs/</c> (what jobs of several ranks go on from),
/// <c>reports/</c>. Nodes that share a database share the
/// folder too.
/// </summary>
public sealed record DataFolder(string Path)
{
    /// <summary>Environment variable that names the folder; a process that Workbench starts gets it from its parent.</summary>
    public const string EnvironmentVariable = "WORKBENCH_DATA";

    /// <summary>
    /// The folder from <c>WORKBENCH_DATA</c>, or <c>.workbench</c> in the current directory, with the database from
    /// <c>WORKBENCH_DB</c> when that is set.
    /// </summary>
    /// <exception cref="DataException"><c>WORKBENCH_DB</c> names no database.</exception>
    public static DataFolder FromEnvironment() =>
        new(System.IO.Path.GetFullPath(Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } path ? path : ".workbench"))
        {
            SharedDatabase = DatabaseAddress.FromEnvironment(),
        };

    /// <summary>The database outside the folder, or null for the folder's own file <see cref="Database"/>.</summary>
    public DatabaseAddress? SharedDatabase { get; init; }

    /// <summary>The relational store: <see cref="SharedDatabase"/>, or the folder's own SQLite file.</summary>
    public DatabaseAddress Address => SharedDatabase ?? DatabaseAddress.OfFile(Database);

    /// <summary>SQLite database file of a folder without a <see cref="SharedDatabase"/>.</summary>
    public string Database => System.IO.Path.Combine(Path, "workbench.db");
    /// <summary>Content-addressed files.</summary>
    public string Artifacts => System.IO.Path.Combine(Path, "artifacts");
    /// <summary>Parquet partitions of predictions and labels.</summary>
    public string Events => System.IO.Path.Combine(Path, "events");
    /// <summary>Working folders of pipeline steps and executed notebooks.</summary>
    public string Runs => System.IO.Path.Combine(Path, "runs");
    /// <summary>Rendered HTML reports.</summary>
    public string Reports => System.IO.Path.Combine(Path, "reports");

    /// <summary>Creates the folder and proves that it can be written.</summary>
    /// <exception cref="DataException">The folder is read-only or the disk is full; says which and what to do.</exception>
    public DataFolder EnsureWritable()
    {
        var probe = System.IO.Path.Combine(Path, $".write-probe-{Environment.ProcessId}");
        try
        {
            Directory.CreateDirectory(Path);
            File.WriteAllBytes(probe, new byte[64 * 1024]);
            File.Delete(probe);
            return this;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"Cannot write to the data folder '{Path}': {failure.Message} Free some space, make it writable, or name another folder with --data or {EnvironmentVariable}.",
                failure) { Origin = Path };
        }
    }
}
