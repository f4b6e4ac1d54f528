using System.Text.Json.Nodes;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using static Workbench.Workflows.Validation.ValidationSubject;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about inputs, outputs, variables and settings.</summary>
internal static class ValueRules
{
    public static IEnumerable<Finding> HasRequiredInputs(ValidationSubject subject) =>
        from known in subject.Known
        from input in known.Descriptor.Inputs
        where input.IsRequired && input.DefaultValue is null && IsMissing(known.Activity.Input(input.Name))
        select Error("required", known.Activity, $"The input '{WorkflowJson.CamelCase(input.Name)}' is missing. Give it a {input.TypeName}.");

    public static IEnumerable<Finding> KnowsInputs(ValidationSubject subject) =>
        from known in subject.Known
        from input in known.Activity.Inputs
        let names = known.Descriptor.Inputs.Select(descriptor => WorkflowJson.CamelCase(descriptor.Name)).ToList()
        where !names.Contains(input.Name, StringComparer.OrdinalIgnoreCase)
        select Warning("input", known.Activity, $"'{known.Activity.Type}' has no input '{input.Name}'. {NearestName.Suggest(input.Name, names)}");

    public static IEnumerable<Finding> KnowsExpressionTypes(ValidationSubject subject) =>
        from item in Expressions(subject)
        where !Expression.SupportedTypes.Contains(item.Expression.Type)
        select Error("expression", item.Activity, $"Input '{item.Name}': {ExpressionEvaluator.UnsupportedMessage(item.Expression.Type)}");

    public static IEnumerable<Finding> KnowsReferences(ValidationSubject subject)
    {
        foreach (var (activity, name, expression) in Expressions(subject))
        {
            var (references, problem) = ReferencesOf(expression);
            if (problem is not null)
                yield return Error("expression", activity, $"Input '{name}': {problem}");
            foreach (var reference in references)
                if (Check(subject, reference) is { } unknown)
                    yield return Error("reference", activity, $"Input '{name}' refers to {unknown}");
        }
    }

    public static IEnumerable<Finding> HasRightLiterals(ValidationSubject subject)
    {
        foreach (var (activity, descriptor) in subject.Known)
            foreach (var input in descriptor.Inputs)
                if (activity.Input(input.Name) is { Expression.Type: Expression.Literal } given && CheckLiteral(input, given.Expression.Value) is { } problem)
                    yield return Error("literal", activity, $"Input '{given.Name}': {problem}");
    }

    public static IEnumerable<Finding> HasInputsThatGoTogether(ValidationSubject subject) =>
        from known in subject.Known
        from problem in known.Descriptor.Check?.Invoke(LiteralsOf(known.Activity, known.Descriptor)) ?? []
        select Error("inputs", known.Activity, problem);

    public static IEnumerable<Finding> BindsOutputs(ValidationSubject subject)
    {
        foreach (var (activity, descriptor) in subject.Known)
            foreach (var output in activity.Outputs)
            {
                var names = descriptor.Outputs.Select(known => WorkflowJson.CamelCase(known.Name)).ToList();
                if (!descriptor.HasOpenOutputs && !names.Contains(output.Name, StringComparer.OrdinalIgnoreCase))
                    yield return Error("output", activity, $"'{activity.Type}' has no output '{output.Name}'. {NearestName.Suggest(output.Name, names)}");
                if (Check(subject, new(Expression.Variable, output.VariableId)) is { } unknown)
                    yield return Error("reference", activity, $"Output '{output.Name}' is bound to {unknown}");
            }
    }

    public static IEnumerable<Finding> SetsKnownVariables(ValidationSubject subject) =>
        from activity in subject.Activities
        where activity.Type == BuiltInActivities.SetVariable
        let unknown = Check(subject, new(Expression.Variable, Expression.ReferenceName(activity.Properties["variable"])))
        where unknown is not null
        select Error("reference", activity, $"Sets {unknown}");

    public static IEnumerable<Finding> HasBranchesAndCases(ValidationSubject subject)
    {
        foreach (var activity in subject.Activities)
        {
            if (activity.Type == BuiltInActivities.Fork && activity.Input("branches") is { } input
                && input.Expression.Type is Expression.Literal or Expression.Object && OpenOutcomes.Branches(activity).Count == 0)
                yield return Error("branches", activity, "The fork names no branches. Write a JSON list of names such as [\"left\",\"right\"].");
            if (activity.Type == BuiltInActivities.Switch && OpenOutcomes.Cases(activity).Count == 0)
                yield return Error("branches", activity, "The switch has no cases. Give it at least one with a label and a condition.");
        }
    }

    public static IEnumerable<Finding> HasRightSettings(ValidationSubject subject) =>
        (from known in subject.Known
         from problem in StepSettings.Problems(known.Activity)
         select Error("settings", known.Activity, problem))
        .Concat(RunSettings.Problems(subject.Definition).Select(problem => Error("settings", problem)));

    public static IEnumerable<Finding> HasRightDefaults(ValidationSubject subject)
    {
        foreach (var input in subject.Definition.Inputs.Where(input => !input.IsArray))
            if (!ValueTypes.TryConvert(input.Type, input.DefaultValue, out _, out var problem))
                yield return Error("literal", $"Default of workflow input '{input.Name}': {problem}");
        foreach (var variable in subject.Definition.AllVariables.Where(variable => !variable.IsArray))
            if (!ValueTypes.TryConvert(variable.TypeName, variable.Value, out _, out var problem))
                yield return Error("literal", $"Value of variable '{variable.Name}': {problem}");
    }

    private static IEnumerable<(Activity Activity, string Name, Expression Expression)> Expressions(ValidationSubject subject) =>
        subject.Activities.SelectMany(activity => activity.Inputs.Select(input => (activity, input.Name, input.Expression))
            .Concat(OpenOutcomes.Cases(activity).Select(@case => (activity, $"cases[{@case.Label}]", @case.Condition))));

    private static bool IsMissing(ActivityInput? input) =>
        input is null || input.Expression.Value is null || WorkflowJson.Text(input.Expression.Value) is { Length: 0 };

    private static string? CheckLiteral(InputDescriptor input, JsonNode? value)
    {
        if (!ValueTypes.TryConvert(input.TypeName, value, out _, out var problem))
            return problem;
        return input.Choices.Count > 0 && WorkflowJson.Text(value) is { Length: > 0 } text && !input.Choices.Contains(text)
            ? $"'{text}' is not allowed. {NearestName.Suggest(text, input.Choices)}"
            : null;
    }

    private static (IReadOnlyList<ExpressionReference> References, string? Problem) ReferencesOf(Expression expression)
    {
        try
        {
            return (ExpressionEvaluator.References(expression), null);
        }
        catch (WorkflowException failure)
        {
            return ([], failure.Message);
        }
    }

    // One of the wrong type is reported by the rule for literals.
    private static JsonObject LiteralsOf(Activity activity, ActivityDescriptor descriptor)
    {
        var literals = new JsonObject();
        foreach (var input in descriptor.Inputs)
        {
            var expression = activity.Input(input.Name)?.Expression;
            if (expression is { Type: not Expression.Literal } || !ValueTypes.TryConvert(input.TypeName, expression is null ? input.DefaultValue : expression.Value, out var value, out _))
                continue;
            literals[WorkflowJson.CamelCase(input.Name)] = value?.DeepClone();
        }
        return literals;
    }

    private static string? Check(ValidationSubject subject, ExpressionReference reference)
    {
        var definition = subject.Definition;
        if (reference.Type == Expression.Variable)
            return ExpressionScope.Find(definition, reference.Name) is not null ? null
                : $"the unknown variable '{reference.Name}'. {NearestName.Suggest(reference.Name, definition.AllVariables.Select(variable => variable.Name))}";
        if (reference.Type == ExpressionReference.Activity)
            return subject.Activities.Any(activity => activity.Name == reference.Name || activity.Id == reference.Name) ? null
                : $"the unknown activity '{reference.Name}'. {NearestName.Suggest(reference.Name, subject.Activities.Select(activity => activity.Label))}";
        return definition.Inputs.Any(input => input.Name == reference.Name) ? null
            : $"the unknown workflow input '{reference.Name}'. {NearestName.Suggest(reference.Name, definition.Inputs.Select(input => input.Name))}";
    }
}
