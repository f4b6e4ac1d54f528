using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Workbench.Data;
using Workbench.Drift;
using static DuckDB.NET.Native.NativeMethods;

namespace Workbench.Benchmarks;

/// <summary>
/// One drift workload, its time and peak memory as one line of JSON: what drift_side_by_side.py compares. Usage:
/// drift generate FOLDER [--rows N] [--columns N] [--links N] [--csv yes] | drift floor|exact|sketch|decide|profile REFERENCE CURRENT
/// [--workers N] [--columns N] [--memory BYTES] [--progress yes]
/// </summary>
internal static class DriftThroughput
{
    // Of a hundred columns: 80 of numbers, 10 of them with full precision, and 20 of categories.
    private const int CategoricalEvery = 5;

    public static int Run(string[] args)
    {
        string[] places = args.Skip(2).TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToArray();
        var options = args.Skip(2 + places.Length).Chunk(2).ToDictionary(pair => pair[0].TrimStart('-'), pair => pair[1]);
        int columns = Number(options, "columns", int.MaxValue), workers = Number(options, "workers", Environment.ProcessorCount);
        if (args[1] == "generate")
            Generate(places[0], Number(options, "rows", 1_000_000), Number(options, "columns", 25), Number(options, "links", 1), options.ContainsKey("csv"));
        else
            Measure(args[1], places[0], places[1], columns, workers, options.TryGetValue("memory", out string? bytes) ? long.Parse(bytes, CultureInfo.InvariantCulture) : null, options.ContainsKey("progress"));
        return 0;
    }

    private static void Measure(string what, string reference, string current, int columns, int workers, long? memory, bool progress)
    {
        var chosen = Columns(reference).Take(columns).ToList();
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        object result = what switch
        {
            "floor" => Floor(chosen, workers, reference, current),
            "profile" => DriftProfile.Build(current, Options(DriftPrecision.Sketch, chosen, workers, memory, progress)).Rows,
            _ => Summary(DriftReport.Compare(reference, current, Options(Enum.Parse<DriftPrecision>(what, ignoreCase: true), chosen, workers, memory, progress))),
        };
        clock.Stop();
        Console.WriteLine(JsonSerializer.Serialize(new { what, seconds = clock.Elapsed.TotalSeconds, cpu_seconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds, peak_mb = PeakBytes() / 1048576.0, columns = chosen.Count, result }));
    }

    private static DriftOptions Options(DriftPrecision precision, IReadOnlyList<string> columns, int workers, long? memory, bool progress) =>
        new() { Precision = precision, Columns = columns, Workers = workers, MemoryLimit = memory, Progress = progress ? new Watch() : null };

    private static object Summary(DriftReport report) => new
    {
        reference_rows = report.ReferenceRows,
        current_rows = report.CurrentRows,
        drifted = report.Drifted.Count,
        exact = report.Columns.SelectMany(column => column.Tests).Count(test => test.Exactness == DriftExactness.Exact),
        bounded = report.Columns.SelectMany(column => column.Tests).Count(test => test.Exactness == DriftExactness.Bounded),
    };

    // The bare scan: the same columns of both sides, streamed by as many workers of one thread each, and nothing done with them.
    private static long Floor(IReadOnlyList<string> columns, int workers, params string[] sides)
    {
        long rows = 0;
        var blocks = columns.Chunk(Math.Clamp((columns.Count + workers - 1) / workers, 1, 16)).ToList();
        foreach (string side in sides)
            Parallel.ForEach(
                Partitioner.Create(blocks, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = workers },
                () => { var session = DuckSession.Open(); session.Execute("SET threads = 1; SET preserve_insertion_order = false"); return session; },
                (block, _, session) =>
                {
                    long seen = Stream(session.Connection, $"SELECT {string.Join(", ", block.Select(DuckSession.Identifier))} FROM read_parquet({DuckSession.Literal(Path.Combine(side, "*.parquet"))}, union_by_name = true)");
                    Interlocked.Add(ref rows, seen);
                    return session;
                },
                session => session.Dispose());
        return rows;
    }

    private static long Stream(DuckDBConnection connection, string sql)
    {
        PreparedStatements.DuckDBPrepare(connection.NativeConnection, sql, out var statement);
        using (statement)
        {
            PreparedStatements.DuckDBExecutePreparedStreaming(statement, out var result);
            long rows = 0;
            while (true)
            {
                using var chunk = StreamingResult.DuckDBStreamFetchChunk(result);
                long size = chunk.IsInvalid ? 0 : (long)DataChunks.DuckDBDataChunkGetSize(chunk);
                if (size == 0)
                    break;
                rows += size;
            }
            Query.DuckDBDestroyResult(ref result);
            return rows;
        }
    }

    // FOLDER/reference/0.parquet and FOLDER/current/0.parquet, and hard links to them beside them, each of which stands for as many rows again.
    private static void Generate(string folder, int rows, int columns, int links, bool csv)
    {
        foreach (var (side, seed) in new[] { ("reference", 1), ("current", 2) })
        {
            string first = Path.Combine(folder, side, "0.parquet");
            Directory.CreateDirectory(Path.Combine(folder, side));
            using var session = DuckSession.Open();
            session.Execute($"COPY (SELECT {string.Join(", ", Enumerable.Range(0, columns).Select(column => Expression(column, seed)))} FROM range({rows}) t(i)) TO {DuckSession.Literal(first)} (FORMAT parquet)");
            for (int link = 1; link < links; link++)
                Link(first, Path.Combine(folder, side, $"{link}.parquet"));
            if (csv)
                session.Execute($"COPY (SELECT * FROM {DuckSession.Literal(first)}) TO {DuckSession.Literal(Path.Combine(folder, side + ".csv"))} (FORMAT csv)");
        }
    }

    // Every fourth number moves a little between the sides, one in twelve by much.
    private static string Expression(int column, int seed)
    {
        string Uniform(int part) => $"((hash(i * 31 + {(seed * 100_000) + column + part * 50_000}) >> 11)::DOUBLE / 9007199254740992.0)";
        string normal = $"(sqrt(-2 * ln(1e-18 + {Uniform(0)})) * cos(6.283185307179586 * {Uniform(1)}))";
        double shift = seed == 1 || column % 4 != 0 ? 0 : column % 12 == 0 ? 0.3 : 0.02;
        string number = FormattableString.Invariant($"({normal} + {shift}) * {1 + column % 7}");
        return column % CategoricalEvery == CategoricalEvery - 1 ? $"'v' || floor({(column % 4 + 1) * 25} * pow({Uniform(0)}, {(shift > 0 ? 1.9 : 2.0).ToString(CultureInfo.InvariantCulture)}))::INTEGER AS c{column}"
            : (column % 10) switch
            {
                0 => $"{number} AS n{column}",
                1 => $"floor({Uniform(0)} * {column % 50 + 2})::INTEGER AS n{column}",
                2 => $"if({Uniform(1)} < 0.03, NULL, round({number}, 1)) AS n{column}",
                3 => $"round(exp({normal} * 0.8 + 3), 1) AS n{column}",
                5 => $"1700000000 + floor({Uniform(0)} * 100000)::BIGINT AS n{column}",
                _ => $"round({number}, 2) AS n{column}",
            };
    }

    // Of a folder, or of the text file beside it.
    private static IReadOnlyList<string> Columns(string side)
    {
        using var session = DuckSession.Open();
        string file = Directory.Exists(side) ? Path.Combine(side, "0.parquet") : Path.Combine(Path.ChangeExtension(side, null), "0.parquet");
        return session.Query<(string Name, string Type)>($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {DuckSession.Literal(file)})").Select(column => column.Name).ToList();
    }

    private static void Link(string from, string to)
    {
        using var link = Process.Start("ln", ["-f", from, to]);
        link.WaitForExit();
        if (link.ExitCode != 0)
            throw new IOException($"Cannot link '{to}' to '{from}'.");
    }

    // The high-water mark of this process's resident memory (Linux).
    private static long PeakBytes() =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private static int Number(Dictionary<string, string> options, string name, int otherwise) =>
        options.TryGetValue(name, out string? value) ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;

    private sealed class Watch : IProgress<DriftProgress>
    {
        public void Report(DriftProgress value)
        {
            if (value.Done % 50 == 0)
                Console.Error.WriteLine($"{value.Done}/{value.Total} columns after {value.Elapsed:hh\\:mm\\:ss}, {value.Left:hh\\:mm\\:ss} left");
        }
    }
}
