using System.Text;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>Images by the first bytes of their files.</summary>
internal static class ImageFormat
{
    /// <summary>The MIME type, or null when the bytes are no image that front ends show.</summary>
    public static string? Detect(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? "image/png"
        : bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? "image/jpeg"
        : bytes.StartsWith("GIF87a"u8) || bytes.StartsWith("GIF89a"u8) ? "image/gif"
        : bytes.Length > 12 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8) ? "image/webp"
        : IsSvg(bytes) ? "image/svg+xml" : null;

    public static MimeBundle Bundle(string mimeType, byte[] bytes, string text) =>
        MimeBundle.Of(mimeType, mimeType == "image/svg+xml" ? Encoding.UTF8.GetString(bytes) : Convert.ToBase64String(bytes), text);

    private static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        var start = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 1000)]).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        return start.StartsWith("<svg", StringComparison.Ordinal) || (start.StartsWith("<?xml", StringComparison.Ordinal) && start.Contains("<svg", StringComparison.Ordinal));
    }
}
