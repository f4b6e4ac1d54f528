using System.CommandLine;
using System.Globalization;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Cli;

/// <summary>Questions that runs put to people. The host that serves the same data folder goes on with the run.</summary>
internal static class ApprovalCommand
{
    private static readonly Option<string?> Data = DataOption.Create();
    private static readonly Argument<string> Id = new("approval") { Description = "Id of the approval; 'workbench approval list' shows it." };
    private static readonly Option<string?> Reason = new("--reason") { Description = "Why; kept with the run. A rejection needs one." };

    public static Command Create() => new("approval", "Questions that runs put to people.")
    {
        List(), Decide("approve", "Let the run go on by its outcome Approved.", approve: true), Decide("reject", "Let the run go on by its outcome Rejected.", approve: false),
    };

    private static Command List()
    {
        var all = new Option<bool>("--all") { Description = "Also those that are decided." };
        var command = new Command("list", "What waits for a decision.") { all, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var approvals = await installation.Workflows.ListApprovalsAsync(new() { Status = parsed.GetValue(all) ? null : ApprovalStatus.Waiting }, cancellationToken);
            TextTable.Write(["approval", "workflow", "run", "state", "until", "who", "question"], approvals.Select(one => new[]
            {
                one.Id, one.DefinitionId, one.RunId, one.Status.ToString(), one.Deadline?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "",
                one.DecidedBy ?? (one.Approvers.Count == 0 ? "anyone" : string.Join(", ", one.Approvers)), one.Title,
            }), "Nothing waits for a decision.");
        });
        return command;
    }

    private static Command Decide(string name, string description, bool approve)
    {
        var command = new Command(name, description) { Id, Reason, Data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var installation = await Installation.OpenAsync(parsed.Folder(Data), cancellationToken: cancellationToken);
            var decision = await installation.Engine.DecideAsync(parsed.GetValue(Id)!, approve, Actor.Name, parsed.GetValue(Reason), cancellationToken: cancellationToken);
            if (!decision.IsRecorded)
                throw new CommandException(decision.Message);
            Console.WriteLine(decision.Message);
        });
        return command;
    }
}
