using BenchmarkDotNet.Attributes;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Chunks;

namespace Workbench.Benchmarks;

/// <summary>A drift report over a million reference and a million current rows, 20 numeric and 5 categorical columns, from Parquet.</summary>
public class DriftBenchmarks
{
    private string _folder = ""; // set by Setup

    /// <summary>Writes both files.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _folder = Directory.CreateTempSubdirectory("bench-").FullName;
        using var session = DuckSession.Open();
        foreach (var (name, seed) in new[] { ("reference", 1), ("current", 2) })
            session.Execute($"COPY ({Rows(seed)}) TO {DuckSession.Literal(Path.Combine(_folder, name + ".parquet"))} (FORMAT parquet)");
    }

    /// <summary>The whole report, exact.</summary>
    [Benchmark]
    public DriftReport Compare() => DriftReport.Compare(Path.Combine(_folder, "reference.parquet"), Path.Combine(_folder, "current.parquet"));

    /// <summary>The same in 365 chunks a side, each reference chunk left out for its limits.</summary>
    [Benchmark]
    public DriftReport CompareByDay() => DriftReport.Compare(
        Path.Combine(_folder, "reference.parquet"), Path.Combine(_folder, "current.parquet"), new DriftOptions { Chunks = Chunking.By(ChunkPeriod.Day) });

    private static string Rows(int seed)
    {
        var numeric = Enumerable.Range(0, 20).Select(column => $"(hash(i * 31 + {seed * 100 + column}) % 1000003)::DOUBLE / {column + 1} AS n{column}");
        var categorical = Enumerable.Range(0, 5).Select(column => $"'v' || (hash(i * 37 + {seed * 100 + column}) % {3 * (column + 1)}) AS c{column}");
        return $"SELECT TIMESTAMP '2024-01-01' + to_seconds(i * 31.536) AS day, {string.Join(", ", numeric.Concat(categorical))} FROM range(1000000) rows(i)";
    }
}
