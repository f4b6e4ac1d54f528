using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Workbench.Data;

/// <summary>Checks CSV files value by value, so that a query over them cannot fail halfway.</summary>
internal static partial class CsvTable
{
    private const string Rejects = "workbench_csv_rejects";
    private const string RejectedScans = "workbench_csv_rejected_scans";

    private sealed record Description(string ColumnName, string ColumnType);

    private sealed record Reject(string FilePath, long Line, long BytePosition, string? ColumnName, string ErrorType, string ErrorMessage);

    public static TableFile Open(DuckSession session, string path, IReadOnlyList<string> files, IReadOnlyList<string> required, IReadOnlyList<string> numeric)
    {
        // Left to itself DuckDB takes a file with a short row for one with a single column, and skips lines above the header.
        string dialect = $"header = true, skip = 0, quote = '\"', escape = '\"', delim = {DuckSession.Literal(Delimiter(files[0]).ToString())}";
        List<TableColumn>? first = null;
        foreach (string file in files)
        {
            var columns = session.Query<Description>($"DESCRIBE SELECT * FROM read_csv({TableFile.List([file])}, {dialect}, sample_size = -1, ignore_errors = true)")
                .Select(row => new TableColumn(row.ColumnName, row.ColumnType)).ToList();
            TableFile.RequireColumns(file, columns, first is null ? required.Concat(numeric) : first.Select(column => column.Name));
            first = [.. (first ?? columns).Select(column => Widen(column, columns.First(other => Same(other.Name, column.Name)), numeric))];
        }
        string types = string.Join(", ", first!.Select(column => $"{DuckSession.Literal(column.Name)}: {DuckSession.Literal(column.Type)}")); // at least one file
        string relation = $"read_csv({TableFile.List(files)}, {dialect}, union_by_name = {files.Count > 1}, types = {{{types}}})";
        Check(session, relation);
        return new() { Path = path, Files = files, Columns = first!, Relation = relation };
    }

    /// <summary>A type that holds the column of both files; what must be a number and looks like text is read as a number, so that the check names the text.</summary>
    private static TableColumn Widen(TableColumn first, TableColumn other, IReadOnlyList<string> numeric)
    {
        if (numeric.Any(name => Same(name, first.Name)))
            return first with { Type = first.Type == "BOOLEAN" && other.Type == "BOOLEAN" ? "BOOLEAN" : "DOUBLE" };
        return first.Type == other.Type ? first : first with { Type = first.IsNumeric && other.IsNumeric && first.Type != "BOOLEAN" && other.Type != "BOOLEAN" ? "DOUBLE" : "VARCHAR" };
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static char Delimiter(string file)
    {
        using var reader = new StreamReader(Read(file));
        string header = reader.ReadLine() ?? "";
        return header.Trim().Length > 0
            ? ",;\t|".MaxBy(candidate => header.Count(letter => letter == candidate))
            : throw new DataException($"Line 1 of '{file}' is empty. The header with the columns' names must stand there.") { Origin = file, Line = 1 };
    }

    private static Stream Read(string file) => IsCompressed(file) ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);

    private static bool IsCompressed(string file) => file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static void Check(DuckSession session, string relation)
    {
        string recording = $"{relation[..^1]}, store_rejects = true, rejects_table = '{Rejects}', rejects_scan = '{RejectedScans}')";
        try
        {
            // Counting each column makes DuckDB convert each value.
            session.Execute($"SELECT count(COLUMNS(*)) FROM {recording}");
            var reject = session.Query<Reject>($"""
                SELECT file_path, line, byte_position, column_name, error_type, error_message
                FROM {Rejects} JOIN {RejectedScans} USING (scan_id, file_id)
                ORDER BY file_path, line, column_idx
                LIMIT 1
                """).FirstOrDefault();
            if (reject is not null)
                throw Explain(reject);
        }
        finally
        {
            session.Execute($"DROP TABLE IF EXISTS {Rejects}; DROP TABLE IF EXISTS {RejectedScans}");
        }
    }

    private static DataException Explain(Reject reject)
    {
        long line = PhysicalLine(reject);
        var conversion = NotConverted().Match(reject.ErrorMessage);
        string what = conversion.Success
            ? $"column '{reject.ColumnName}' holds '{conversion.Groups["value"].Value}', and a {conversion.Groups["type"].Value} is needed. Mend the value, or leave the field empty when it is missing."
            : $"{reject.ErrorMessage.Split('\n')[0]} ({reject.ErrorType.ToLowerInvariant()}). Mend the line, and quote fields that hold the delimiter.";
        return new DataException($"'{reject.FilePath}', line {line}: {what}")
        {
            Origin = reject.FilePath, Line = line, Column = reject.ColumnName, Value = conversion.Success ? conversion.Groups["value"].Value : null,
        };
    }

    /// <summary>DuckDB counts records; an editor counts lines, and a quoted field may hold several.</summary>
    private static long PhysicalLine(Reject reject)
    {
        if (IsCompressed(reject.FilePath))
            return reject.Line;
        using var file = new BufferedStream(File.OpenRead(reject.FilePath), 1 << 16);
        long line = 1;
        for (long position = 1; position < reject.BytePosition; position++)
            if (file.ReadByte() == '\n')
                line++;
        return line;
    }

    [GeneratedRegex("""Could not convert string "(?<value>.*)" to '(?<type>[^']*)'""", RegexOptions.Singleline)]
    private static partial Regex NotConverted();
}
