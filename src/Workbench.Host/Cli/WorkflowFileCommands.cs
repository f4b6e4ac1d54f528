using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Host.Designer;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Cli;

/// <summary>Definitions between the data folder and files.</summary>
internal static class WorkflowFileCommands
{
    private static readonly Option<string?> Data = DataOption.Create();

    public static Command Export()
    {
        var workflow = new Argument<string[]>("workflow") { Description = "Workflow, or workflow@version; the newest version without a number.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "File to write: .json for one, .zip for several. Default: one to the console." };
        var command = new Command("export", "Write definitions as Elsa 3 JSON.") { workflow, output, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var store = (await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken)).Workflows;
            var found = new List<WorkflowDefinition>();
            foreach (var name in parsed.GetValue(workflow)!)
                found.Add(await StoredAsync(name, store, cancellationToken));
            await WriteAsync(found, parsed.GetValue(output), cancellationToken);
        });
        return command;
    }

    public static Command Import()
    {
        var files = new Argument<string[]>("file") { Description = "Elsa 3 definitions: .json, or .zip of such files.", Arity = ArgumentArity.OneOrMore };
        var mode = new Option<ImportMode>("--mode") { Description = "When the id is taken: overwrite makes it the next draft of that workflow, new gives it an id of its own.", DefaultValueFactory = _ => ImportMode.Overwrite };
        var command = new Command("import", "Take definitions in as drafts.") { files, mode, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // All files are read before the first is saved, so that a wrong one changes nothing.
            var read = new List<JsonObject>();
            foreach (var file in parsed.GetValue(files)!)
            {
                if (!File.Exists(file))
                    throw new CommandException($"There is no file '{file}'. Name an Elsa 3 definition, such as workflows/churn-retrain.json.");
                await using var content = File.OpenRead(file);
                read.AddRange(DefinitionArchive.Unpack(file, content));
            }
            var store = (await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken)).Workflows;
            foreach (var json in read)
            {
                var saved = await DefinitionImport.SaveAsync(json, parsed.GetValue(mode), store, cancellationToken);
                Console.WriteLine($"{saved.DefinitionId} v{saved.Version} is a draft.");
            }
        });
        return command;
    }

    public static Command Diff()
    {
        var before = new Argument<string>("before") { Description = "File, workflow, or workflow@version." };
        var after = new Argument<string>("after") { Description = "The same for what came after." };
        var fail = new Option<bool>("--fail-on-difference") { Description = "Exit with 3 when a run would do otherwise." };
        var command = new Command("diff", "Say what a run of one definition would do otherwise than a run of another.") { before, after, fail, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var diff = DefinitionDiff.Compare(
                await AnyAsync(parsed.GetValue(before)!, parsed, cancellationToken), await AnyAsync(parsed.GetValue(after)!, parsed, cancellationToken));
            foreach (var change in diff.Changes)
                Console.WriteLine(change);
            Console.WriteLine($"{diff.Changes.Count} changes{(diff.MovedActivities > 0 ? $", {diff.MovedActivities} activities moved on the canvas" : "")}.");
            return diff.Changes.Count > 0 && parsed.GetValue(fail) ? ExitCode.GateSaidNo : ExitCode.Done;
        });
        return command;
    }

    private static async Task<WorkflowDefinition> AnyAsync(string name, ParseResult parsed, CancellationToken cancellationToken) => File.Exists(name)
        ? await WorkflowCommand.ReadAsync(name, cancellationToken)
        : await StoredAsync(name, (await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken)).Workflows, cancellationToken);

    // "churn-retrain" is the newest version, "churn-retrain@2" the second.
    private static async Task<WorkflowDefinition> StoredAsync(string name, WorkflowStore store, CancellationToken cancellationToken)
    {
        int at = name.LastIndexOf('@');
        if (await store.GetLatestAsync(name, cancellationToken) is { } latest)
            return latest;
        if (at > 0 && int.TryParse(name[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int version) && await store.GetVersionAsync(name[..at], version, cancellationToken) is { } found)
            return found;
        var known = (await store.ListDefinitionsAsync(cancellationToken)).Select(one => $"{one.DefinitionId} (v1 to v{one.Version})").ToList();
        throw new CommandException($"There is no file and no workflow '{name}'. Known workflows: {(known.Count > 0 ? string.Join(", ", known) : "none")}.");
    }

    private static async Task WriteAsync(List<WorkflowDefinition> found, string? output, CancellationToken cancellationToken)
    {
        if (found.Count > 1 && output?.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) is not true)
            throw new CommandException($"{found.Count} workflows go into a zip file. Name one with --output FILE.zip.");
        if (output is null)
            Console.WriteLine(found[0].ToJson());
        else if (output.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            await File.WriteAllBytesAsync(output, DefinitionArchive.Pack(found), cancellationToken);
        else
            await File.WriteAllTextAsync(output, found[0].ToJson(), cancellationToken);
        if (output is not null)
            Console.WriteLine($"Wrote {output}.");
    }
}
