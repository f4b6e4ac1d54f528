using System.CommandLine;
using System.Globalization;
using Workbench.Monitoring;
using Workbench.Registry;

namespace Workbench.Host.Cli;

internal static class AlertCommand
{
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Create() => new("alert", "What the rules found.") { List(), States() };

    private static Command List()
    {
        var command = new Command("list", "The latest alerts.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var events = await AlertEngine.Open(ModelRegistry.Open(parsed.Folder(Data))).EventsAsync(50, cancellationToken);
            TextTable.Write(["at", "rule", "state", "value", "threshold", "rows"], events.Select(one => new[]
            {
                one.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), one.Rule, one.State.ToString(),
                one.Value?.ToString("F4", CultureInfo.InvariantCulture) ?? "", one.Threshold.ToString("G4", CultureInfo.InvariantCulture), one.Rows.ToString(CultureInfo.InvariantCulture),
            }), "No alert yet.");
        });
        return command;
    }

    private static Command States()
    {
        var command = new Command("states", "Where each rule stands, with its last value.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var states = await AlertEngine.Open(ModelRegistry.Open(parsed.Folder(Data))).StatesAsync(cancellationToken);
            TextTable.Write(["rule", "model", "version", "state", "value", "rows", "note"], states.Select(one => new[]
            {
                one.Rule, one.Model, one.Version is { } version ? $"v{version}" : "none", one.State.ToString(),
                one.Value?.ToString("F4", CultureInfo.InvariantCulture) ?? "", one.Rows.ToString(CultureInfo.InvariantCulture), one.Note,
            }), "No rule was evaluated yet. Rules stand in monitoring.json of the data folder.");
        });
        return command;
    }
}
