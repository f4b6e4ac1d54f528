using DuckDB.NET.Data;

namespace Workbench.Core.Tests.Drift.Chunks;

/// <summary>Files of a test, gone with it.</summary>
internal sealed class ChunkFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-chunks-");

    /// <summary>The rows of a SELECT as Parquet.</summary>
    public string Write(string name, string sql)
    {
        string path = Path.Combine(_folder.FullName, name + ".parquet");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"COPY ({sql}) TO '{path}' (FORMAT parquet)";
        command.ExecuteNonQuery();
        return path;
    }

    public string Csv(string name, string header, IEnumerable<string> lines)
    {
        string path = Path.Combine(_folder.FullName, name + ".csv");
        File.WriteAllLines(path, [header, .. lines]);
        return path;
    }

    public void Dispose() => _folder.Delete(true);
}
