using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Registry;
using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>The gate: a candidate passes only when it beats the champion beyond chance.</summary>
internal sealed class CompareWithChampion(ModelRegistry registry) : IStepActivity
{
    public const string Type = "Workbench.CompareWithChampion";

    public static ActivityDescriptor Description { get; } = new(Type)
    {
        DisplayName = "Compare with champion",
        Description = "Compares a candidate with the champion on the candidate's holdout; passes when the whole 95 % interval of the difference in accuracy lies above the required improvement.",
        Kind = ActivityKind.Task,
        Outcomes = ["Passed", "Refused"],
        Inputs =
        [
            new("modelName") { Description = "Name of the model.", IsRequired = true },
            new("candidate", "Object") { Description = "Version to judge, as a number or as a notebook step hands it on.", IsRequired = true },
            new("minimumRows", "Int32") { Description = "Fewest labelled rows on which a difference counts.", DefaultValue = 200 },
            new("minimumImprovement", "Double") { Description = "Accuracy (0 to 1) that the interval must exceed.", DefaultValue = 0.0 },
        ],
        Outputs = [new("reason", "String"), new("decision", "Object")],
    };

    public ActivityDescriptor Descriptor => Description;

    public async Task<StepResult> ExecuteAsync(StepContext step, CancellationToken cancellationToken)
    {
        var options = new GateOptions { MinimumRows = step.Inputs.Whole("minimumRows", 200), MinimumImprovement = step.Inputs.Number("minimumImprovement", 0) };
        var decision = await new ChampionGate(registry).DecideAsync(step.Inputs.Text("modelName"), step.Inputs.Whole("candidate"), options, cancellationToken);
        var outputs = new JsonObject { ["reason"] = decision.Reason.ToString(), ["decision"] = JsonSerializer.SerializeToNode(decision, JsonSerializerOptions.Web) };
        return new() { Outcome = decision.Passed ? "Passed" : "Refused", Outputs = outputs, Message = decision.Message };
    }
}
