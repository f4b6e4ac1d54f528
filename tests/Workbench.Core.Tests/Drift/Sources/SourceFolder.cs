using System.Text;
using DuckDB.NET.Data;

namespace Workbench.Core.Tests.Drift.Sources;

/// <summary>Files for tests of sources, gone afterwards.</summary>
internal sealed class SourceFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-sources-");

    public string Path => _folder.FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    public string Text(string name, string content, Encoding? encoding = null)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(name))!);
        File.WriteAllText(In(name), content, encoding ?? new UTF8Encoding(false));
        return In(name);
    }

    /// <summary>Writes the rows of a SELECT; a name with .gz is compressed.</summary>
    public string Rows(string name, string sql, string format)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(name))!);
        Execute("DataSource=:memory:", $"COPY ({sql}) TO '{In(name)}' ({format}{(name.EndsWith(".gz") ? ", COMPRESSION gzip" : "")})");
        return In(name);
    }

    public string Parquet(string name, string sql) => Rows(name, sql, "FORMAT parquet");

    public static void Execute(string connection, string sql)
    {
        using var database = new DuckDBConnection(connection);
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose() => _folder.Delete(true);
}
