using System.Text.Json;
using System.Text.Unicode;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>Finds out why a text file could not be read.</summary>
internal static class TextCheck
{
    /// <summary>Whether DuckDB took a column for numbers, dates or the like by its first rows, and a later value is none.</summary>
    public static bool IsGuessedType(string message) =>
        message.Contains("Could not convert string", StringComparison.Ordinal) || message.Contains("JSON transform error", StringComparison.Ordinal);

    /// <summary>Names the line of the first byte that is no UTF-8. UTF-16 is left out.</summary>
    /// <exception cref="DataException">There is such a byte, or the file cannot be read.</exception>
    public static void RequireUtf8(string file)
    {
        try
        {
            using var stream = CsvHeader.Open(file);
            if (!IsUtf16(file) && FirstInvalidLine(stream) is { } line)
                throw new DataException(
                    $"Line {line} of '{file}' is no UTF-8, the only encoding that is read beside little-endian UTF-16. A file of Windows or Latin-1: iconv -f WINDOWS-1252 -t UTF-8 '{file}' > utf8.csv")
                { Origin = file, Line = line };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw SourceFailure.Explain(file, failure);
        }
    }

    /// <summary>The wrong line of the first file that has one, or what DuckDB said.</summary>
    public static DataException Explain(DuckScratch scratch, string path, IReadOnlyList<string> files, DataException failure)
    {
        bool isCsv = TableFormats.Of(files[0], TableFormats.All) == TableFormat.Csv;
        foreach (string file in files)
        {
            var wrong = isCsv ? IsUtf16(file) ? null : WrongCsv(scratch, file) : IsJsonLines(file) ? WrongJson(file) : null;
            if (wrong is not null)
                return wrong;
        }
        return SourceFailure.Explain(path, failure);
    }

    /// <summary>Whether each line of a file is a JSON object of its own.</summary>
    public static bool IsJsonLines(string file) =>
        TableFormats.Of(file, TableFormats.All) == TableFormat.Json
        && !file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".json.gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Refuses a compressed file without its end, which DuckDB reads as far as it goes.</summary>
    /// <exception cref="DataException">The file is not whole.</exception>
    public static void RequireWhole(string file, CancellationToken cancellationToken)
    {
        if (!file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return;
        try
        {
            if (!GzipFile.IsWhole(file, cancellationToken))
                throw new DataException($"Cannot read '{file}': it is no whole gzip file. Its writer is busy or died, or its bytes are wrong: write it again, or delete it.") { Origin = file };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SourceFailure.Explain(file, failure);
        }
    }

    /// <summary>The number of the line that holds the first byte which is no UTF-8, or null.</summary>
    public static long? FirstInvalidLine(Stream stream)
    {
        var buffer = new byte[1 << 16];
        long line = 1;
        for (int kept = 0; ;)
        {
            int count = kept + stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            bool isLast = count < buffer.Length;
            var read = buffer.AsSpan(0, count);
            // What the end cuts in two is looked at with the next bytes.
            int whole = isLast ? count : count - Unfinished(read);
            for (var rest = read[..whole]; rest.Length > 0;)
            {
                int end = rest.IndexOf((byte)'\n');
                var part = end < 0 ? rest : rest[..(end + 1)];
                if (!Utf8.IsValid(part))
                    return line;
                line += end < 0 ? 0 : 1;
                rest = rest[part.Length..];
            }
            if (isLast)
                return null;
            kept = count - whole;
            read[whole..].CopyTo(buffer);
        }
    }

    // Bytes at the end that begin a character and do not end it; a character has four at most.
    private static int Unfinished(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte one = bytes[^back];
            if (one < 0x80)
                return 0;
            if (one >= 0xC0)
                return back < (one >= 0xF0 ? 4 : one >= 0xE0 ? 3 : 2) ? back : 0;
        }
        return 0;
    }

    private static DataException? WrongJson(string file)
    {
        using var reader = new StreamReader(CsvHeader.Open(file));
        for (long line = 1; reader.ReadLine() is { } text; line++)
        {
            try
            {
                if (text.Trim().Length > 0)
                    using (JsonDocument.Parse(text)) { }
            }
            catch (JsonException failure)
            {
                return new($"Line {line} of '{file}' is no JSON object: {failure.Message} Mend or delete the line; a last line without its end belongs to a writer that is busy or died.", failure) { Origin = file, Line = line };
            }
        }
        return null;
    }

    private static bool IsUtf16(string file) =>
        TableFormats.Of(file, TableFormats.All) == TableFormat.Csv && CsvHeader.Read(file).Encoding == CsvHeader.Utf16;

    private static DataException? WrongCsv(DuckScratch scratch, string file)
    {
        try
        {
            CsvTable.Open(scratch.Session, file, [file], [], []);
            return null;
        }
        catch (DataException wrong)
        {
            return wrong;
        }
    }
}
