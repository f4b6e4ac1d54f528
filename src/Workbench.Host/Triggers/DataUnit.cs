using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Host.Triggers;

/// <summary>What new data comes in: one file, or one folder with all files below it.</summary>
/// <param name="Path">As the pattern has it: relative to the project, or absolute.</param>
/// <param name="Files">Its files by path; one at least.</param>
internal sealed record DataUnit(string Path, IReadOnlyList<DataFile> Files)
{
    private const int FingerprintLength = 16;

    /// <summary>Changes with any file's name, size or time.</summary>
    public string Fingerprint => field ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
        Files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Path}|{file.SizeBytes}|{file.ModifiedAt.UtcTicks}"))))))[..FingerprintLength];

    /// <summary>When the youngest file was written.</summary>
    public DateTimeOffset ModifiedAt => Files.Max(file => file.ModifiedAt);
}

/// <param name="Path">As the pattern has it.</param>
/// <param name="SizeBytes">Length.</param>
/// <param name="ModifiedAt">When it was written, by the file system.</param>
internal sealed record DataFile(string Path, long SizeBytes, DateTimeOffset ModifiedAt);
