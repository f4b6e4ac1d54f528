using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>
/// Reads CSV and JSON files once. The fast way first: types from the first 20,000 rows, all values in one scan. When that
/// fails, the files are looked at closely, for the line and value that are wrong, or read again with types from all rows.
/// </summary>
internal sealed class TextFiles(DuckScratch scratch, string path, IReadOnlyList<string> files, long inMemoryBytes)
{
    private const string Table = "source";
    // What text shrinks to when it is compressed; a guess that decides only where the rows are kept.
    private const long Compression = 5;

    /// <returns>What stands behind FROM.</returns>
    public string Load(CancellationToken cancellationToken)
    {
        foreach (string file in files)
            TextCheck.RequireWhole(file, cancellationToken);
        if (TryLoad("", cancellationToken, out string? relation, out var failure))
            return relation!; // set with true
        scratch.Restart();
        foreach (string file in files)
            TextCheck.RequireUtf8(file);
        if (TextCheck.IsGuessedType(failure!.Message) && TryLoad(", sample_size = -1", cancellationToken, out relation, out failure)) // set with false
            return relation!;
        scratch.Restart();
        throw TextCheck.Explain(scratch, path, files, failure!);
    }

    private bool TryLoad(string options, CancellationToken cancellationToken, out string? relation, out DataException? failure)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string query = Query(options);
        using var cancel = scratch.Session.CancelOn(cancellationToken);
        try
        {
            relation = files.Sum(SizeBytes) <= inMemoryBytes ? IntoMemory(query) : IntoParquet(query);
            failure = null;
            return true;
        }
        catch (DataException problem)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (relation, failure) = (null, new DataException(problem.InnerException?.Message ?? problem.Message, problem) { Origin = path });
            return false;
        }
    }

    private string IntoMemory(string query)
    {
        scratch.Session.Execute($"CREATE TABLE {Table} AS {query}");
        return Table;
    }

    private string IntoParquet(string query)
    {
        string file = DuckSession.Literal(scratch.File("rows.parquet"));
        scratch.Session.Execute($"COPY ({query}) TO {file} (FORMAT parquet)");
        return $"read_parquet({file})";
    }

    private string Query(string options)
    {
        if (TableFormats.Of(files[0], TableFormats.All) == TableFormat.Json)
            return $"SELECT * FROM read_json({TableFile.List(files)}, format = '{(files.All(TextCheck.IsJsonLines) ? "newline_delimited" : "auto")}', union_by_name = true{options})";
        // Files with another delimiter or encoding are read apart.
        var kinds = files.Select(file => (File: file, Header: Header(file))).GroupBy(one => (one.Header.Delimiter, one.Header.Encoding), one => one.File);
        return string.Join(" UNION ALL BY NAME ", kinds.Select(kind =>
            $"SELECT * FROM read_csv({TableFile.List(kind)}, {CsvTable.Dialect(kind.Key.Delimiter)}, encoding = '{kind.Key.Encoding}', union_by_name = true{options})"));
    }

    private CsvHeader Header(string file)
    {
        var header = CsvHeader.Read(file);
        if (header.Names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twin)
            throw new DataException($"Line 1 of '{file}' names {twin.Count()} columns '{twin.Key}'. Each column needs a name of its own: rename all but one.") { Origin = path, Line = 1, Column = twin.Key };
        return header;
    }

    private static long SizeBytes(string file) => new FileInfo(file).Length * (file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? Compression : 1);
}
