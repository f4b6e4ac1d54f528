using System.Text.RegularExpressions;

namespace Workbench.Data.Samples;

/// <summary>Makes the sample data of <c>data/samples</c>.</summary>
public static partial class SampleData
{
    /// <summary>Seed of the committed files.</summary>
    public const int Seed = 20240101;

    /// <summary>
    /// Writes <c>churn/*.parquet</c> and <c>chat/*.txt</c> into <paramref name="folder"/>; the same seed gives the same
    /// bytes. Takes about a second.
    /// </summary>
    /// <returns>The files written, in order.</returns>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public static IReadOnlyList<string> Generate(string folder, int seed = Seed)
    {
        var files = new List<string>();
        using var session = DuckSession.Open();
        // With several threads row groups may be cut differently.
        session.Execute("SET threads = 1");
        int month = 0;
        foreach (var rows in ChurnGenerator.Generate(seed))
            files.Add(WriteMonth(session, Path.Combine(folder, "churn", ChurnGenerator.FileName(++month)), rows));
        files.Add(WriteLines(Path.Combine(folder, "chat", "year-a.txt"), ChatGenerator.Before(seed)));
        files.Add(WriteLines(Path.Combine(folder, "chat", "year-b.txt"), ChatGenerator.After(seed)));
        return files;
    }

    private static string WriteMonth(DuckSession session, string path, IReadOnlyList<ChurnRow> rows)
    {
        session.Register("month", rows);
        string columns = string.Join(", ", typeof(ChurnRow).GetProperties().Select(property => $"{DuckSession.Identifier(property.Name)} AS {SnakeCase(property.Name)}"));
        AtomicFile.Replace(path, temporary =>
            session.Execute($"COPY (SELECT {columns} FROM month) TO {DuckSession.Literal(temporary)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9)"));
        return path;
    }

    private static string WriteLines(string path, IEnumerable<string> lines)
    {
        AtomicFile.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")));
        return path;
    }

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
