using System.CommandLine;
using Workbench.Data;

namespace Workbench.Host.Cli;

/// <summary>The option --db, described once and understood by every command that takes --data.</summary>
internal static class DatabaseOption
{
    private static readonly Option<string?> Instance = Create();

    /// <summary>Adds the option to every command below that takes --data.</summary>
    public static void AddTo(Command command)
    {
        if (command.Options.Any(option => option is DataOption))
            command.Options.Add(Instance);
        foreach (var below in command.Subcommands)
            AddTo(below);
    }

    /// <summary>What the option names, or null when it was not given. A password in it is wiped from the list of processes.</summary>
    public static DatabaseAddress? Read(ParseResult parsed)
    {
        if (parsed.GetValue(Instance) is not { Length: > 0 } text)
            return null;
        var address = DatabaseAddress.Parse(text);
        if (address.HasPassword && ProcessArguments.Wipe(text))
            Console.Error.WriteLine($"--db holds a password: it is hidden from the list of processes now, but the shell may keep it. {DatabaseAddress.EnvironmentVariable} or PGPASSWORD are safer.");
        return address;
    }

    private static Option<string?> Create()
    {
        var option = new Option<string?>("--db")
        {
            Description = $"Database: 'Host=db;Database=workbench;Username=workbench' for PostgreSQL, which several nodes share, or the path of a SQLite file. Default: {DatabaseAddress.EnvironmentVariable}, else workbench.db in the data folder. Keep a password in {DatabaseAddress.EnvironmentVariable}, PGPASSWORD or a password file.",
            HelpName = "DATABASE",
        };
        option.Validators.Add(result =>
        {
            try
            {
                if (result.GetValueOrDefault<string?>() is { } text)
                    _ = DatabaseAddress.Parse(text);
            }
            catch (DataException failure)
            {
                result.AddError($"--db: {failure.Message}");
            }
        });
        return option;
    }
}
