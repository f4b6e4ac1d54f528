using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Workflows;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Reads a record of options: once as the description of its activity, and for each step with the evaluated inputs.</summary>
internal static class ActivityOptions
{
    /// <summary>What <typeparamref name="TOptions"/> says about its activity.</summary>
    /// <exception cref="InvalidOperationException">The type lacks <see cref="ActivityAttribute"/>.</exception>
    public static ActivityDescriptor Describe<TOptions>() where TOptions : class
    {
        var activity = typeof(TOptions).GetCustomAttribute<ActivityAttribute>()
            ?? throw new InvalidOperationException($"{typeof(TOptions).Name} describes no activity. Put [Activity] on it.");
        var defaults = Activator.CreateInstance<TOptions>();
        return new(activity.TypeName)
        {
            DisplayName = activity.DisplayName,
            Category = activity.Category,
            Description = activity.Description,
            Kind = activity.Kind,
            Outcomes = activity.Outcomes,
            HasOpenOutputs = activity.HasOpenOutputs,
            MaxAttempts = activity.MaxAttempts,
            IsPolled = activity.IsPolled,
            PlacesInput = activity.PlacesInput is { } places ? JsonNamingPolicy.CamelCase.ConvertName(places) : null,
            Inputs = [.. Inputs(typeof(TOptions)).Select(input => Describe(input.Property, input.Input, defaults))],
            Outputs = [.. typeof(TOptions).GetCustomAttributes<OutputAttribute>().Select(output => new OutputDescriptor(output.Name, output.TypeName) { Description = output.Description })],
        };
    }

    /// <summary>The options with the values of a step; what is not given keeps its default.</summary>
    /// <exception cref="WorkflowException">Lists every input that is missing, of the wrong kind, or out of range.</exception>
    public static TOptions Read<TOptions>(JsonObject inputs) where TOptions : class
    {
        var options = Activator.CreateInstance<TOptions>();
        var problems = new List<string>();
        foreach (var (property, _) in Inputs(typeof(TOptions)))
            if (Assign(options, property, InputValue.Find(inputs, property.Name)) is { } problem)
                problems.Add(problem);
        return problems.Count == 0 ? options : throw new WorkflowException(string.Join(" ", problems));
    }

    private static string? Assign(object options, PropertyInfo property, JsonNode? given)
    {
        var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
        if (given is null)
            return IsRequired(property) ? $"The input '{name}' has no value. Set it on the activity." : null;
        if (!InputValue.TryConvert(given, property.PropertyType, out var value, out var allowed))
            return $"The input '{name}' is {given.ToJsonString()}; it takes {allowed}.";
        property.SetValue(options, value);
        return property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value)
            ? $"The input '{name}' is {given.ToJsonString()}; allowed is {range.Minimum} to {range.Maximum}."
            : null;
    }

    private static IEnumerable<(PropertyInfo Property, InputAttribute Input)> Inputs(Type options) =>
        from property in options.GetProperties()
        let input = property.GetCustomAttribute<InputAttribute>()
        where input is not null
        orderby property.MetadataToken
        select (property, input);

    private static InputDescriptor Describe(PropertyInfo property, InputAttribute input, object defaults)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var range = property.GetCustomAttribute<RangeAttribute>();
        var editor = input.Editor ?? InputValue.EditorOf(type);
        return new(JsonNamingPolicy.CamelCase.ConvertName(property.Name), input.TypeName ?? InputValue.TypeNameOf(type))
        {
            DisplayName = input.DisplayName ?? Words(property.Name),
            Description = input.Description,
            IsRequired = IsRequired(property),
            DefaultValue = IsRequired(property) ? null : InputValue.ToJson(property.GetValue(defaults)),
            Choices = type.IsEnum ? Enum.GetNames(type) : [],
            UiHint = editor,
            UiSpecifications = input.Language is { } language ? new JsonObject { [editor] = new JsonObject { ["language"] = language } } : null,
            Minimum = Bound(range?.Minimum),
            Maximum = Bound(range?.Maximum),
        };
    }

    private static bool IsRequired(PropertyInfo property) => property.IsDefined(typeof(RequiredMemberAttribute));

    // A bound that the type itself sets is none.
    private static double? Bound(object? limit) => limit switch
    {
        int.MaxValue or int.MinValue or null => null,
        double number when double.IsInfinity(number) => null,
        var number => Convert.ToDouble(number, System.Globalization.CultureInfo.InvariantCulture),
    };

    // "MinimumRows" is read as "Minimum rows".
    private static string Words(string name)
    {
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
            words.Append(i > 0 && char.IsUpper(name[i]) ? $" {char.ToLowerInvariant(name[i])}" : name[i].ToString());
        return words.ToString();
    }
}
