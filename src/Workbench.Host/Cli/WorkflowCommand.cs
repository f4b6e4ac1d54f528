using System.CommandLine;
using Workbench.Host.Activities;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Cli;

internal static class WorkflowCommand
{
    private static readonly Argument<string> File = new("file") { Description = "Elsa 3 definition, as in workflows/churn-retrain.json." };
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Create() => new("workflow", "Definitions of pipelines.") { List(), Validate(), Publish() };

    private static Command List()
    {
        var command = new Command("list", "All workflows with their version.") { Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var definitions = await installation.Workflows.ListDefinitionsAsync(cancellationToken);
            TextTable.Write(["workflow", "version", "published", "name"],
                definitions.Select(one => new[] { one.DefinitionId, $"v{one.Version}", one.IsPublished ? "yes" : "no", one.Name }), "No workflow yet. Publish one with 'workbench workflow publish FILE'.");
        });
        return command;
    }

    private static Command Validate()
    {
        var command = new Command("validate", "Say everything that is wrong with a definition.") { File };
        command.SetAction(async (parsed, cancellationToken) =>
            await ReadAsync(parsed.GetValue(File)!, cancellationToken) is null ? ExitCode.Failed : ExitCode.Done);
        return command;
    }

    private static Command Publish()
    {
        var command = new Command("publish", "Make a definition the one that runs start from.") { File, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            if (await ReadAsync(parsed.GetValue(File)!, cancellationToken) is not { } definition)
                return ExitCode.Failed;
            var published = await installation.Engine.PublishAsync(definition, cancellationToken);
            Console.WriteLine($"{published.DefinitionId} v{published.Version} is published.");
            return ExitCode.Done;
        });
        return command;
    }

    // Null when a finding forbids it; every finding is printed.
    private static async Task<WorkflowDefinition?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        if (!System.IO.File.Exists(file))
            throw new CommandException($"There is no file '{file}'. Name an Elsa 3 definition, such as workflows/churn-retrain.json.");
        var definition = WorkflowDefinition.Parse(await System.IO.File.ReadAllTextAsync(file, cancellationToken));
        var findings = WorkflowValidator.Validate(definition, StepActivities.Catalog);
        foreach (var finding in findings)
            Console.Error.WriteLine(finding);
        bool refused = findings.Any(finding => finding.Severity == FindingSeverity.Error);
        Console.WriteLine($"{definition.DefinitionId}: {definition.Root.Activities.Count} activities, {findings.Count} findings{(refused ? ", refused" : "")}.");
        return refused ? null : definition;
    }
}
