using System.CommandLine;
using Workbench.Data;

namespace Workbench.Host.Cli;

/// <summary>The option --data of every command that keeps or reads state.</summary>
internal static class DataOption
{
    public static Option<string?> Create() => new("--data")
    {
        Description = $"Data folder. Default: {DataFolder.EnvironmentVariable}, else .workbench in the current directory.",
        HelpName = "DIR",
    };

    /// <summary>The folder that the option or the environment names, proven writable; child processes inherit it.</summary>
    public static DataFolder Folder(this ParseResult parsed, Option<string?> option)
    {
        var folder = (parsed.GetValue(option) is { Length: > 0 } path ? new DataFolder(Path.GetFullPath(path)) : DataFolder.FromEnvironment()).EnsureWritable();
        Environment.SetEnvironmentVariable(DataFolder.EnvironmentVariable, folder.Path);
        return folder;
    }
}
