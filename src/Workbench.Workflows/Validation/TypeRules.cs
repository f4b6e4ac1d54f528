using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;
using static Workbench.Workflows.Validation.ValidationSubject;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about types that can never fit. What may fit, such as a text that holds a number, is left to the run.</summary>
internal static class TypeRules
{
    public static IEnumerable<Finding> FitsReferences(ValidationSubject subject) =>
        from known in subject.Known
        from input in known.Activity.Inputs
        let wanted = known.Descriptor.Inputs.FirstOrDefault(input.Is)?.TypeName
        let source = SourceOf(subject.Definition, input.Expression)
        where wanted is not null && source is not null && !ValueTypes.MayFit(source.Value.Type, wanted)
        select Error("reference-type", known.Activity, $"Input '{input.Name}' is of type {wanted}, but {source.Value.Name} is of type {source.Value.Type}.");

    public static IEnumerable<Finding> FitsOutputs(ValidationSubject subject) =>
        from known in subject.Known
        from output in known.Activity.Outputs
        let given = known.Descriptor.Outputs.FirstOrDefault(descriptor => string.Equals(descriptor.Name, output.Name, StringComparison.OrdinalIgnoreCase))?.TypeName
        let variable = ExpressionScope.Find(subject.Definition, output.VariableId)
        where given is not null && variable is { IsArray: false } && !ValueTypes.MayFit(given, variable.TypeName)
        select Error("reference-type", known.Activity, $"Output '{output.Name}' is of type {given}, but the variable '{variable.Name}' is of type {variable.TypeName}.");

    public static IEnumerable<Finding> FitsAssignments(ValidationSubject subject)
    {
        foreach (var activity in subject.Activities.Where(activity => activity.Type == BuiltInActivities.SetVariable))
            if (activity.Input("value")?.Expression is { Type: Expression.Literal } literal
                && ExpressionScope.Find(subject.Definition, Expression.ReferenceName(activity.Properties["variable"])) is { IsArray: false } variable
                && !ValueTypes.TryConvert(variable.TypeName, literal.Value, out _, out var problem))
                yield return Error("literal", activity, $"Variable '{variable.Name}': {problem}");
    }

    private static bool Is(this ActivityInput input, InputDescriptor descriptor) =>
        string.Equals(input.Name, descriptor.Name, StringComparison.OrdinalIgnoreCase);

    private static (string Name, string Type)? SourceOf(WorkflowDefinition definition, Expression expression)
    {
        var name = Expression.ReferenceName(expression.Value);
        return expression.Type switch
        {
            Expression.Variable when ExpressionScope.Find(definition, name) is { IsArray: false } variable => ($"the variable '{variable.Name}'", variable.TypeName),
            Expression.Input when definition.Inputs.FirstOrDefault(input => input.Name == name) is { IsArray: false } input => ($"the workflow input '{input.Name}'", input.Type),
            _ => null,
        };
    }
}
