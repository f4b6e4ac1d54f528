using System.Text.RegularExpressions;

namespace Workbench.Data;

/// <summary>Checks CSV files value by value, so that a query over them cannot fail halfway.</summary>
internal static partial class CsvTable
{
    private const string Rejects = "workbench_csv_rejects";
    private const string RejectedScans = "workbench_csv_rejected_scans";

    private sealed record Description(string ColumnName, string ColumnType);

    private sealed record Reject(string FilePath, long Line, long BytePosition, string? ColumnName, string ErrorType, string ErrorMessage);

    /// <summary>Options of read_csv: a header in line 1, and double quotes.</summary>
    public static string Dialect(char delimiter) =>
        // Left to itself DuckDB takes a file with a short row for one with a single column, and skips lines above the header.
        $"header = true, skip = 0, quote = '\"', escape = '\"', delim = {DuckSession.Literal(delimiter.ToString())}";

    public static TableFile Open(DuckSession session, string path, IReadOnlyList<string> files, IReadOnlyList<string> required, IReadOnlyList<string> numeric)
    {
        string dialect = Dialect(CsvHeader.Read(files[0]).Delimiter);
        List<TableColumn>? first = null;
        foreach (string file in files)
        {
            var columns = session.Query<Description>($"DESCRIBE SELECT * FROM read_csv({TableFile.List([file])}, {dialect}, sample_size = -1, ignore_errors = true)")
                .Select(row => new TableColumn(row.ColumnName, row.ColumnType)).ToList();
            if (first is null)
                TableFile.RequireColumns(file, columns, required.Concat(numeric));
            else
                RequireSame(files[0], first, file, columns);
            first = [.. (first ?? columns).Select(column => Widen(column, columns.First(other => Same(other.Name, column.Name)), numeric))];
        }
        string types = string.Join(", ", first!.Select(column => $"{DuckSession.Literal(column.Name)}: {DuckSession.Literal(column.Type)}")); // at least one file
        foreach (string file in files)
            Check(session, $"{TableFile.List([file])}, {dialect}, types = {{{types}}}");
        // By name: the columns' order may differ between files.
        string relation = $"read_csv({TableFile.List(files)}, {dialect}, types = {{{types}}}{(files.Count > 1 ? ", union_by_name = true" : "")})";
        return new() { Path = path, Files = files, Columns = first!, Relation = relation };
    }

    private static void RequireSame(string firstFile, List<TableColumn> first, string file, List<TableColumn> columns)
    {
        TableFile.RequireColumns(file, columns, first.Select(column => column.Name));
        if (columns.Find(column => !first.Any(known => Same(known.Name, column.Name))) is { } extra)
            throw new DataException($"'{file}' has a column '{extra.Name}' that '{firstFile}' lacks. CSV files read together need the same columns, in any order; name the files more exactly.") { Origin = file, Column = extra.Name };
    }

    /// <summary>A type that holds the column of both files; what must be a number and looks like text is read as a number, so that the check names the text.</summary>
    private static TableColumn Widen(TableColumn first, TableColumn other, IReadOnlyList<string> numeric)
    {
        if (numeric.Any(name => Same(name, first.Name)))
            return first with { Type = first.Type == "BOOLEAN" && other.Type == "BOOLEAN" ? "BOOLEAN" : "DOUBLE" };
        return first.Type == other.Type ? first : first with { Type = first.IsNumeric && other.IsNumeric && first.Type != "BOOLEAN" && other.Type != "BOOLEAN" ? "DOUBLE" : "VARCHAR" };
    }

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    private static void Check(DuckSession session, string options)
    {
        string recording = $"read_csv({options}, store_rejects = true, rejects_table = '{Rejects}', rejects_scan = '{RejectedScans}')";
        try
        {
            // Counting each column makes DuckDB convert each value.
            session.Execute($"SELECT count(COLUMNS(*)) FROM {recording}");
            var reject = session.Query<Reject>($"""
                SELECT file_path, line, byte_position, column_name, error_type, error_message
                FROM {Rejects} JOIN {RejectedScans} USING (scan_id, file_id)
                ORDER BY line, column_idx
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
        if (reject.FilePath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
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
