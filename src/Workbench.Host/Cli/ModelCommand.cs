using System.CommandLine;
using System.Globalization;
using Workbench.Host.Activities;
using Workbench.Registry;

namespace Workbench.Host.Cli;

internal static class ModelCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "Name of the model." };
    private static readonly Argument<int> Version = new("version") { Description = "Version number." };
    private static readonly Option<string> Alias = new("--alias") { Description = "Alias that moves.", DefaultValueFactory = _ => "champion" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why; kept in the history.", Required = true };
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Create() => new("model", "Models, their versions and who was champion when.")
    {
        List(), Show(), Promote(), Rollback(), History(), ModelFileCommands.Export(), ModelFileCommands.Convert(),
    };

    private static Command List()
    {
        var command = new Command("list", "All models with their champion.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var registry = Open(parsed);
            var rows = new List<string[]>();
            foreach (var model in await registry.ListModelsAsync(cancellationToken))
            {
                var champion = await registry.GetAliasAsync(model.Name, "champion", cancellationToken);
                var versions = await registry.ListVersionsAsync(model.Name, cancellationToken);
                rows.Add([model.Name, champion is null ? "none" : $"v{champion.Version}", versions.Count.ToString(CultureInfo.InvariantCulture)]);
            }
            TextTable.Write(["model", "champion", "versions"], rows, "No model yet. Run 'workbench demo', or register one from a notebook.");
        });
        return command;
    }

    private static Command Show()
    {
        var command = new Command("show", "The versions of one model with their metrics and origin.") { Name, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            foreach (var version in await Open(parsed).ListVersionsAsync(parsed.GetValue(Name)!, cancellationToken))
            {
                Console.WriteLine($"{version.Name} v{version.Version}  {Time(version.CreatedAt)}  {string.Join(" ", version.Aliases)}");
                Console.WriteLine($"  data {version.DataHash}  notebook {version.NotebookHash ?? "none"}");
                foreach (var (metric, value) in version.Metrics.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {metric} {value:G6}"));
                foreach (var file in version.Files)
                    Console.WriteLine($"  {file.Path}  {file.SizeBytes} bytes  {file.ArtifactId}");
            }
        });
        return command;
    }

    private static Command Promote()
    {
        var force = new Option<bool>("--force") { Description = "Skip the gate; the history says so." };
        var command = new Command("promote", "Let an alias point to a version; the champion's successor passes the gate first.") { Name, Version, Alias, Reason, force, Data };
        var rules = new GateRuleOptions();
        rules.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (registry, name, version, forced) = (Open(parsed), parsed.GetValue(Name)!, parsed.GetValue(Version), parsed.GetValue(force));
            if (!forced && parsed.GetValue(Alias) == "champion")
            {
                var decision = await new ChampionGate(registry).DecideAsync(name, version, rules.Read(parsed), cancellationToken);
                Console.WriteLine(decision.Message);
                if (!decision.Passed)
                    return ExitCode.GateSaidNo;
            }
            await registry.SetAliasAsync(name, parsed.GetValue(Alias)!, version, Actor.Name, parsed.GetValue(Reason)!, forced, cancellationToken: cancellationToken);
            Console.WriteLine($"{name}: {parsed.GetValue(Alias)} is v{version}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rollback()
    {
        var command = new Command("rollback", "Give the alias back to the version that held it before.") { Name, Alias, Reason, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var back = await Open(parsed).RollbackAsync(parsed.GetValue(Name)!, parsed.GetValue(Alias)!, Actor.Name, parsed.GetValue(Reason)!, cancellationToken: cancellationToken);
            Console.WriteLine($"{back.Name}: {parsed.GetValue(Alias)} is v{back.ToVersion} again.");
        });
        return command;
    }

    private static Command History()
    {
        var at = new Option<string?>("--at") { Description = "Ask which version held the alias at this time, as in 2025-03-01T12:00:00Z." };
        var command = new Command("history", "Who moved which alias, when and why.") { Name, Alias, at, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (registry, name, alias) = (Open(parsed), parsed.GetValue(Name)!, parsed.GetValue(Alias)!);
            if (parsed.GetValue(at) is { } text)
            {
                var time = UtcTime.Parse(text).Value;
                var holder = await registry.AliasAtAsync(name, alias, time, cancellationToken);
                Console.WriteLine(holder is null ? $"No version of {name} was {alias} at {Time(time)}." : $"{name} v{holder.Version} was {alias} at {Time(time)}.");
                return;
            }
            var rows = (await registry.HistoryAsync(name, cancellationToken)).Select(change => new[]
            {
                Time(change.At), change.Alias, change.FromVersion is { } from ? $"v{from}" : "none", change.ToVersion is { } to ? $"v{to}" : "none",
                change.Actor, (change.Forced ? "forced: " : "") + change.Reason,
            });
            TextTable.Write(["when", "alias", "from", "to", "who", "why"], rows, $"No alias of {name} was ever set.");
        });
        return command;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static ModelRegistry Open(ParseResult parsed) => ModelRegistry.Open(parsed.Folder(Data));
}
