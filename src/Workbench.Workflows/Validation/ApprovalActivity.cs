using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

/// <summary>How a host describes an activity that asks people; the engine does the waiting.</summary>
public static class ApprovalActivity
{
    /// <summary>Someone agreed.</summary>
    public const string Approved = "Approved";
    /// <summary>Someone refused.</summary>
    public const string Rejected = "Rejected";
    /// <summary>The last deadline passed without a decision.</summary>
    public const string TimedOut = "TimedOut";

    /// <summary>
    /// An activity that waits until someone decides. When <c>deadline</c> passes, those in <c>escalateTo</c> may decide for as
    /// long again (or for <c>escalationDeadline</c>); without them, or when that time passes too, the outcome is TimedOut.
    /// Add inputs for what people are to see; they are kept with the approval.
    /// </summary>
    public static ActivityDescriptor Describe(string typeName, params IEnumerable<InputDescriptor> further) => new(typeName)
    {
        Description = "Waits until someone approves or rejects.",
        IsApproval = true,
        Outcomes = [Approved, Rejected, TimedOut],
        Inputs =
        [
            new("Title") { Description = "The question in one line.", DefaultValue = JsonValue.Create("Approve?") },
            new("Approvers", "Object") { Description = "Names of people or roles that may decide; empty for anyone.", UiHint = "multitext" },
            new("Deadline", "TimeSpan") { Description = "How long they have, such as 1.00:00:00 for a day; empty for ever." },
            new("EscalateTo", "Object") { Description = "Who may decide when the deadline has passed; empty for nobody.", UiHint = "multitext" },
            new("EscalationDeadline", "TimeSpan") { Description = "How long those have; empty for as long as the first." },
            .. further,
        ],
        Outputs =
        [
            new("DecidedBy", "String") { Description = "Who decided, or null." },
            new("Reason", "String") { Description = "Why, in their words, or null." },
            new("Escalated", "Boolean") { Description = "Whether the first deadline had passed." },
        ],
    };
}
