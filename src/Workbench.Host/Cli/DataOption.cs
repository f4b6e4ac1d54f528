using System.CommandLine;
using Workbench.Data;

namespace Workbench.Host.Cli;

/// <summary>The option --data of every command that keeps or reads state; <see cref="DatabaseOption"/> adds --db to the same commands.</summary>
internal sealed class DataOption : Option<string?>
{
    private DataOption() : base("--data")
    {
        Description = $"Data folder. Default: {DataFolder.EnvironmentVariable}, else .workbench in the current directory.";
        HelpName = "DIR";
    }

    public static Option<string?> Create() => new DataOption();
}

internal static class DataOptionExtensions
{
    /// <summary>The folder that the option or the environment names, proven writable, with the database of --db or WORKBENCH_DB; child processes inherit both.</summary>
    /// <exception cref="DataException">The folder cannot be written, or what is given names no database.</exception>
    public static DataFolder Folder(this ParseResult parsed, Option<string?> option)
    {
        var path = parsed.GetValue(option) is { Length: > 0 } given ? Path.GetFullPath(given) : null;
        var database = DatabaseOption.Read(parsed) ?? DatabaseAddress.FromEnvironment();
        var folder = (path is null ? DataFolder.FromEnvironment() : new DataFolder(path)) with { SharedDatabase = database };
        folder.EnsureWritable();
        Environment.SetEnvironmentVariable(DataFolder.EnvironmentVariable, folder.Path);
        if (database is not null)
            Environment.SetEnvironmentVariable(DatabaseAddress.EnvironmentVariable, database.Text);
        return folder;
    }
}
