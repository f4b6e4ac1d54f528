using System.Globalization;
using Workbench.Workflows.Expressions;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

/// <summary>Rules about how large a literal may be.</summary>
internal static class RangeRules
{
    public static IEnumerable<Finding> HasLiteralsInRange(ValidationSubject subject) =>
        from known in subject.Known
        from input in known.Descriptor.Inputs
        let problem = Check(input, known.Activity.Input(input.Name)?.Expression)
        where problem is not null
        select ValidationSubject.Error("range", known.Activity, $"Input '{WorkflowJson.CamelCase(input.Name)}': {problem}");

    private static string? Check(InputDescriptor input, Expression? expression)
    {
        if (expression is not { Type: Expression.Literal } || (input.Minimum ?? input.Maximum) is null)
            return null;
        // A value of the wrong type is reported by the rule for literals.
        if (!ValueTypes.TryConvert("Double", expression.Value, out var converted, out _) || converted is null)
            return null;
        double value = converted.GetValue<double>();
        return value < input.Minimum || value > input.Maximum
            ? $"{value.ToString(CultureInfo.InvariantCulture)} is out of range. {Allowed(input)}"
            : null;
    }

    private static string Allowed(InputDescriptor input) => (input.Minimum, input.Maximum) switch
    {
        ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."),
        ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $"Write {least} or more."),
        (_, var most) => string.Create(CultureInfo.InvariantCulture, $"Write {most} or less."),
    };
}
