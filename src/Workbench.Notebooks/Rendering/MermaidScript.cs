using System.IO.Compression;

namespace Workbench.Notebooks.Rendering;

/// <summary>The mermaid.js that the build took along (build/Mermaid.targets), where there was one.</summary>
internal static class MermaidScript
{
    private static readonly Lazy<string?> Text = new(Load);
    private static readonly Lazy<string> Compressed = new(Compress);

    /// <summary>Whether diagrams can be drawn.</summary>
    public static bool IsHere => Text.Value is not null;

    /// <summary>The minified script.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Read() => Text.Value ?? throw new InvalidOperationException("This build has no mermaid.js; ask IsHere first.");

    /// <summary>The script as Base64 of gzip: a third of its size, which leaves room for plotly.js in the same page.</summary>
    public static string Packed() => Compressed.Value;

    private static string? Load()
    {
        using var stream = typeof(MermaidScript).Assembly.GetManifestResourceStream("mermaid.min.js");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Compress()
    {
        using var packed = new MemoryStream();
        using (var writer = new StreamWriter(new GZipStream(packed, CompressionLevel.SmallestSize)))
            writer.Write(Read());
        return Convert.ToBase64String(packed.ToArray());
    }
}
