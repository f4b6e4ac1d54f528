using System.Security.Cryptography;
using System.Text;

namespace Workbench.Notebooks.Format;

/// <summary>
/// Identity of what a notebook does: SHA-256 over the kernel's name and, for each code cell, its source and tags.
/// Outputs, ids, text cells and injected parameters do not count, so an executed copy has its original's hash.
/// </summary>
/// <param name="Value"><c>sha256:</c> and 64 lower-case hexadecimal digits.</param>
public readonly record struct NotebookHash(string Value)
{
    /// <summary>The hash of <paramref name="document"/>.</summary>
    public static NotebookHash Of(NotebookDocument document)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, document.KernelName ?? "");
        foreach (var cell in document.Cells.Where(cell => cell.Type == CellType.Code && !cell.HasTag(CellTags.InjectedParameters)))
        {
            Append(hash, document.KernelLanguage == CellLanguages.CSharp ? cell.SourceToRun(document) : cell.Source);
            Append(hash, string.Join('\n', cell.Tags));
        }
        return new("sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // The length before the text keeps two neighbouring texts from passing for two others.
    private static void Append(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
        hash.AppendData(bytes);
    }
}
