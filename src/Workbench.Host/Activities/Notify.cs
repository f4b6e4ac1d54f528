using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Runtime;

namespace Workbench.Host.Activities;

/// <summary>Puts a message into the outbox, from which the host sends it.</summary>
internal sealed class Notify(ModelRegistry registry) : StepActivity<NotifyOptions>
{
    public const string Type = "Workbench.Notify";

    protected override async Task<StepResult> RunAsync(NotifyOptions options, StepContext step, CancellationToken cancellationToken)
    {
        Check(options.Channels, ChannelSettings.Read(registry.Folder).Names);
        var message = new NotificationMessage
        {
            Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(step.Key)))[..32], // The same in every attempt, so that a step sends one message.
            Subject = options.Subject, Text = options.Text, Severity = options.Severity, Source = step.DefinitionId, RunId = step.RunId, At = ReplayClock.FromEnvironment().GetUtcNow(),
        };
        bool isNew = await MessageOutbox.Open(registry.Folder).AddAsync(message, options.Channels, cancellationToken);
        return new() { Outputs = new JsonObject { ["message"] = message.Id }, Message = isNew ? $"For {string.Join(", ", options.Channels)}: {options.Subject}" : "Sent by an earlier attempt." };
    }

    private static void Check(IReadOnlyList<string> asked, IReadOnlyList<string> known)
    {
        if (asked.Count == 0)
            throw new WorkflowException($"The input 'channels' is empty. Name at least one of {string.Join(", ", known)}.");
        var unknown = asked.Where(name => !known.Contains(name)).Distinct().ToList();
        if (unknown.Count > 0)
            throw new WorkflowException(
                $"Unknown {(unknown.Count == 1 ? "channel" : "channels")} {string.Join(", ", unknown.Select(name => $"'{name}'"))}.{Suggestion.DidYouMean(unknown[0], known)} "
                + $"Known: {string.Join(", ", known)}. Whoever runs the host adds channels to {ChannelSettings.FileName} of the data folder.");
    }
}
