using System.Security.Cryptography;
using System.Text;

namespace Workbench.Data;

/// <summary>Names data by its content, so that a model version can say which bytes it was trained on.</summary>
public static class DataSnapshot
{
    /// <summary>
    /// <c>sha256:</c> and 64 hexadecimal digits over the lines "HASH  NAME" of all files (the form of <c>sha256sum</c>),
    /// sorted ordinally by name, then hash. NAME is the file's name without its folder: moving the data changes nothing,
    /// the order given neither.
    /// </summary>
    /// <exception cref="DataException">A file is missing, or there is none.</exception>
    public static string Hash(IEnumerable<string> files)
    {
        var entries = files.Select(file => (Name: Path.GetFileName(file), Hash: HashFile(file)["sha256:".Length..]))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal).ThenBy(entry => entry.Hash, StringComparer.Ordinal)
            .ToList();
        if (entries.Count == 0)
            throw new DataException("Cannot hash a snapshot of 0 files. Name at least one file.");
        string listing = string.Concat(entries.Select(entry => $"{entry.Hash}  {entry.Name}\n"));
        return Format(SHA256.HashData(Encoding.UTF8.GetBytes(listing)));
    }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits over the file's bytes, what <c>sha256sum</c> prints.</summary>
    /// <exception cref="DataException">The file is missing or unreadable.</exception>
    public static string HashFile(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return Format(SHA256.HashData(stream));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot hash '{file}': {failure.Message} Check the path and its permissions.", failure) { Origin = file };
        }
    }

    private static string Format(byte[] hash) => "sha256:" + Convert.ToHexStringLower(hash);
}
