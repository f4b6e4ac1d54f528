using Workbench.Data;

namespace Workbench.Core.Tests.Drift.Quality;

/// <summary>Tables written by SQL into a folder of their own.</summary>
internal sealed class TestTables : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-quality-");

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(true);

    /// <summary>The rows of a SELECT, in its order, as Parquet.</summary>
    public string Parquet(string name, string sql)
    {
        string path = Path.Combine(Folder, name + ".parquet");
        using var session = DuckSession.Open();
        session.Execute($"COPY ({sql}) TO {DuckSession.Literal(path)} (FORMAT parquet)");
        return path;
    }

    public string Text(string file, string text)
    {
        string path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A seeded table of every kind of column, with odd names and what makes data poor.</summary>
    /// <param name="seed">Other seeds give other values, shares and ranges.</param>
    /// <param name="rows">Rows.</param>
    public string Mixed(int seed, int rows = 700)
    {
        string Draw(int column, int modulo) => $"(hash(i * 131 + {seed * 1000 + column}) % {modulo})::INTEGER";
        int missing = 2 + seed % 5;
        return Parquet($"mixed-{seed}", $""""
            SELECT
              i + {seed} AS row_id,
              'K-' || lpad((i * 7 + {seed})::VARCHAR, {5 + seed % 3}, '0') AS "code",
              CASE WHEN {Draw(1, 10)} >= {missing} THEN {Draw(2, 4000)} / 7.0 - {seed * 10} END::DOUBLE AS "a number",
              (CASE {Draw(3, 12)} WHEN 0 THEN 'nan' WHEN 1 THEN '{(seed % 2 == 0 ? "inf" : "1.5")}' ELSE ({Draw(4, 50)} / 4.0)::VARCHAR END)::FLOAT AS real,
              {Draw(5, 9)}::TINYINT AS grade,
              ({Draw(6, 1000)} + 9007199254740000)::BIGINT AS large,
              {Draw(7, 2)} = 1 AS flag,
              [' red', 'red', 'Red', 'blue, "dark"', 'it''s', 'no', '', '  ', '5'][{Draw(8, 9)} + 1] AS colour,
              CASE WHEN {Draw(9, 20)} > 0 THEN repeat('né ', 1 + {Draw(10, 40)}) || i END AS "free ""text""",
              ({Draw(11, 300)} / 3.0)::DECIMAL(9, 2) AS price,
              (DATE '2024-01-01' + (i // {3 + seed % 4})::INTEGER) AS start,
              (TIMESTAMP '2024-01-01 10:00:00' + INTERVAL (i * {1 + seed}) HOUR + INTERVAL ({Draw(12, 59)}) MINUTE) AS "end",
              NULL::INTEGER AS nothing,
              [{Draw(13, 3)}] AS list,
              uuid() AS id
            FROM range({rows}) numbers(i) ORDER BY i
            """");
    }
}
