using System.IO.Compression;
using System.Text;

namespace Workbench.Data;

/// <summary>Line 1 of a CSV file, which names its columns.</summary>
/// <param name="Delimiter">Comma, semicolon, tab or bar: the most frequent in the line.</param>
/// <param name="Encoding">DuckDB's name of the file's encoding: utf-8, or utf-16 for little-endian UTF-16.</param>
/// <param name="Names">The columns' names; empty when a name holds a line break.</param>
internal sealed record CsvHeader(char Delimiter, string Encoding, IReadOnlyList<string> Names)
{
    public const string Utf8 = "utf-8", Utf16 = "utf-16";

    /// <exception cref="DataException">The line is empty, or the file cannot be read or has an encoding that DuckDB does not know.</exception>
    public static CsvHeader Read(string file)
    {
        try
        {
            string encoding = EncodingOf(file);
            using var reader = new StreamReader(Open(file), encoding == Utf16 ? System.Text.Encoding.Unicode : System.Text.Encoding.UTF8);
            string line = reader.ReadLine() ?? "";
            if (line.Trim().Length == 0)
                throw new DataException($"Line 1 of '{file}' is empty. The header with the columns' names must stand there.") { Origin = file, Line = 1 };
            char delimiter = ",;\t|".MaxBy(candidate => line.Count(letter => letter == candidate));
            return new(delimiter, encoding, Split(line, delimiter));
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read '{file}': {failure.Message} {(failure is InvalidDataException ? "It is no whole gzip file: write it again, or delete it." : "Make it readable, and see that nobody moves it meanwhile.")}", failure) { Origin = file };
        }
    }

    /// <summary>The file's bytes, unpacked when it is compressed.</summary>
    public static Stream Open(string file) =>
        file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(File.OpenRead(file), CompressionMode.Decompress) : File.OpenRead(file);

    private static string EncodingOf(string file)
    {
        Span<byte> start = stackalloc byte[4];
        using var stream = Open(file);
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (count < 2)
            return Utf8;
        // Without a byte order mark a Latin letter's zero byte gives it away.
        if (start is [0xFE, 0xFF, ..] or [0, not 0, ..])
            throw new DataException($"'{file}' is big-endian UTF-16, which cannot be read. Convert it: iconv -f UTF-16 -t UTF-8 '{file}' > utf8.csv") { Origin = file };
        return start is [0xFF, 0xFE, ..] or [not 0, 0, ..] ? Utf16 : Utf8;
    }

    private static IReadOnlyList<string> Split(string line, char delimiter)
    {
        var names = new List<string>();
        var name = new StringBuilder();
        bool isQuoted = false;
        foreach (char letter in line)
        {
            if (letter == '"')
                isQuoted = !isQuoted; // a doubled quote switches twice
            if (letter == delimiter && !isQuoted)
                Add();
            else
                name.Append(letter);
        }
        Add();
        return isQuoted ? [] : names;

        void Add()
        {
            string text = name.ToString().Trim();
            names.Add(text is ['"', .., '"'] ? text[1..^1].Replace("\"\"", "\"") : text);
            name.Clear();
        }
    }
}
