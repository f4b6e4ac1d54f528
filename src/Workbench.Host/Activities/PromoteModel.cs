using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Lets an alias point to a version; serving follows by itself.</summary>
internal sealed class PromoteModel(ModelRegistry registry) : IStepActivity
{
    public const string Type = "Workbench.PromoteModel";

    public static ActivityDescriptor Description { get; } = new(Type)
    {
        DisplayName = "Promote model",
        Description = "Lets an alias point to a version. The history keeps who, when and why.",
        Kind = ActivityKind.Task,
        Inputs =
        [
            new("modelName") { Description = "Name of the model.", IsRequired = true },
            new("candidate", "Object") { Description = "Version that gets the alias, as a number or as a notebook step hands it on.", IsRequired = true },
            new("alias") { Description = "Alias that moves.", DefaultValue = ChampionGate.Champion },
            new("reason") { Description = "Why; kept in the history.", DefaultValue = "passed the gate" },
        ],
        Outputs = [new("previous", "Int32")],
    };

    public ActivityDescriptor Descriptor => Description;

    public async Task<StepResult> ExecuteAsync(StepContext step, CancellationToken cancellationToken)
    {
        var (model, version, alias) = (step.Inputs.Text("modelName"), step.Inputs.Whole("candidate"), step.Inputs.Text("alias", ChampionGate.Champion));
        var previous = await registry.GetAliasAsync(model, alias, cancellationToken);
        await registry.SetAliasAsync(model, alias, version, $"pipeline {step.DefinitionId}", $"{step.Inputs.Text("reason", "passed the gate")} (run {step.Key})",
            idempotencyKey: step.Key, cancellationToken: cancellationToken);
        return new()
        {
            Outputs = new JsonObject { ["previous"] = previous?.Version },
            Message = $"{model}: {alias} is v{version}, was {(previous is null ? "none" : $"v{previous.Version}")}.",
        };
    }
}
