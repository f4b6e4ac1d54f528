using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using Workbench.Workflows.Triggers;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about what starts runs: start activities and the entries of <c>customProperties.triggers</c>.</summary>
internal static class TriggerRules
{
    private const string Rule = "trigger";
    private static readonly IReadOnlyList<string> Ends = ["finished", "faulted", "cancelled", "any"];

    public static IEnumerable<Finding> HasRightEntries(ValidationSubject subject)
    {
        if (subject.Definition.CustomProperties?["triggers"] is { } triggers and not JsonArray)
            yield return ValidationSubject.Error(Rule, $"customProperties.triggers is {triggers.ToJsonString()}; allowed is a list of objects with a type.");
        var names = new HashSet<string>(subject.Activities.Where(activity => TriggerTypes.Activities.Contains(activity.Type)).Select(activity => activity.Id));
        foreach (var entry in TriggerSpec.Entries(subject.Definition))
            if (entry is not JsonObject json || WorkflowJson.Text(json["type"]) is not { Length: > 0 })
                yield return ValidationSubject.Error(Rule, $"customProperties.triggers has {WorkflowJson.Write(entry)}; each entry is an object with a type, such as {{\"type\": \"workflow\", \"workflow\": \"train\"}}.");
            else if (json["id"] is { } id && WorkflowJson.Text(id) is not { Length: > 0 })
                yield return ValidationSubject.Error(Rule, $"A trigger of type '{WorkflowJson.Text(json["type"])}' has the id {id.ToJsonString()}; allowed is a text.");
            else if (WorkflowJson.Text(json["id"]) is { } name && !names.Add(name))
                yield return ValidationSubject.Error(Rule, $"Two triggers have the id '{name}'. Give each one of its own.");
    }

    public static IEnumerable<Finding> HasRightPolicies(ValidationSubject subject) =>
        from spec in TriggerSpec.Of(subject.Definition)
        from problem in TriggerSettings.Problems(spec.Config)
        select Error(subject, spec, spec.ActivityId is null ? problem : $"customProperties.{problem}");

    /// <summary>A trigger whose runs lack an input would start none.</summary>
    public static IEnumerable<Finding> GivesInputs(ValidationSubject subject)
    {
        foreach (var spec in TriggerSpec.Of(subject.Definition))
        {
            var settings = TriggerSettings.Read(spec.Config);
            foreach (var (name, value) in settings.Inputs)
                if (subject.Definition.Inputs.FirstOrDefault(input => input.Name == name) is not { } input)
                    yield return Error(subject, spec, $"inputs has '{name}', which is no input of the workflow. {Suggest(subject, name)}");
                else if (!ValueTypes.TryConvert(input.IsArray ? "Object" : input.Type, value, out _, out var problem))
                    yield return Error(subject, spec, $"inputs has '{name}': {problem}");
            if (settings.PayloadInput is { } payload && subject.Definition.Inputs.All(input => input.Name != payload))
                yield return Error(subject, spec, $"payloadInput is '{payload}', which is no input of the workflow. {Suggest(subject, payload)}");
            foreach (var input in subject.Definition.Inputs.Where(input => input is { IsRequired: true, DefaultValue: null }))
                if (settings.PayloadInput != input.Name && settings.Inputs[input.Name] is null)
                    yield return Error(subject, spec, $"Its runs lack the input '{input.Name}', which is required. Give it a default value, or a value in the trigger's inputs.");
        }
    }

    public static IEnumerable<Finding> WaitsForOtherWorkflows(ValidationSubject subject)
    {
        foreach (var spec in TriggerSpec.Of(subject.Definition).Where(spec => spec.Type == TriggerTypes.WorkflowEnd))
        {
            if (WorkflowJson.Text(spec.Config["workflow"]) is not { Length: > 0 } workflow)
                yield return Error(subject, spec, "workflow is missing. Name the workflow whose end starts runs.");
            else if (workflow == subject.Definition.DefinitionId)
                yield return Error(subject, spec, $"workflow is '{workflow}' itself, which would start runs without end. Name another.");
            if (spec.Config["status"] is { } status && !Ends.Contains(WorkflowJson.Text(status)))
                yield return Error(subject, spec, $"status is {status.ToJsonString()}. {NearestName.Suggest(WorkflowJson.Text(status) ?? "", Ends)}");
        }
    }

    private static string Suggest(ValidationSubject subject, string name) => NearestName.Suggest(name, subject.Definition.Inputs.Select(input => input.Name));

    private static Finding Error(ValidationSubject subject, TriggerSpec spec, string message) =>
        subject.Activities.FirstOrDefault(activity => activity.Id == spec.ActivityId) is { } activity
            ? ValidationSubject.Error(Rule, activity, message)
            : ValidationSubject.Error(Rule, $"Trigger '{spec.Name}': {message}");
}
