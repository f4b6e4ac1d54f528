using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Opens files: Parquet is scanned where it lies, text is read once.</summary>
internal static class DuckFiles
{
    // The workers are the parallelism: each scans its own columns with its own thread, and all read the same footers.
    // GLOBAL: by itself the cache would hold for this connection alone and not for the workers'.
    private const string OneThread = "SET threads = 1; SET GLOBAL parquet_metadata_cache = true; SET preserve_insertion_order = false";

    // Text beyond that many bytes is kept on disk.
    private const long InMemoryBytes = 256L << 20;

    public static DuckInput Open(string path, CancellationToken cancellationToken) => Open(path, InMemoryBytes, cancellationToken);

    public static DuckInput Open(string path, long inMemoryBytes, CancellationToken cancellationToken)
    {
        var scratch = new DuckScratch();
        try
        {
            var files = TableLocator.Find(scratch.Session, path, TableFormats.All);
            string relation = TableFormats.Of(files[0], TableFormats.All) == TableFormat.Parquet
                ? $"read_parquet({TableFile.List(files)}, union_by_name = true)"
                : new TextFiles(scratch, path, files, inMemoryBytes).Load(cancellationToken);
            scratch.Session.Execute(OneThread);
            return DuckInput.Open(scratch.Session.Connection, scratch, relation, path, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            scratch.Dispose();
            throw SourceFailure.Explain(path, failure);
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }
}
