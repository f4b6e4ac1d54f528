using System.CommandLine;

namespace Workbench.Host.Cli;

/// <summary>Files that a command writes at its end; that they can be written is looked at before it begins.</summary>
internal static class OutputFile
{
    public static Option<string?> Option(string name, string description) => new(name) { Description = description, HelpName = "FILE" };

    /// <summary>Returns the whole path of what an option names, null for nothing; its folder is made.</summary>
    /// <exception cref="CommandException">No file can be written there.</exception>
    public static string? Require(ParseResult parsed, Option<string?> option)
    {
        if (parsed.GetValue(option) is not { } path)
            return null;
        if (path.Length == 0 || Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
            throw new CommandException($"{option.Name} '{path}' is a folder. Name a file in it.");
        var full = Path.GetFullPath(path);
        try
        {
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a whole path of a file has a folder
            using (new FileStream(Path.Combine(folder.FullName, $".{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
                return full;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option.Name} '{path}' cannot be written: {failure.Message} Name a file in a folder that can.");
        }
    }
}
