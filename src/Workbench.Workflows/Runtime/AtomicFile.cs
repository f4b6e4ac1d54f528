namespace Workbench.Workflows.Runtime;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    public static void Write(string path, string text)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(temporary, text);
        File.Move(temporary, path, overwrite: true);
    }
}
