using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Host.Activities;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Designer;

/// <summary>Activity types as Elsa's client reads them.</summary>
internal static class ActivityDescriptorView
{
    private const string Start = "Elsa.Start";

    /// <summary>The palette, with the containers that the client looks up and does not offer.</summary>
    public static IEnumerable<JsonObject> All() =>
        StepActivities.Catalog.Descriptors.Select(View).Concat([Container("Workflow", "A workflow."), Container("Flowchart", "Activities joined by connections.")]);

    /// <summary>What the editor of one input offers; empty when it offers nothing.</summary>
    public static JsonObject Options(string typeName, string property) =>
        StepActivities.Catalog.Find(typeName)?.Inputs.FirstOrDefault(input => string.Equals(input.Name, property, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Specifications(found) ?? []
            : [];

    private static JsonObject View(ActivityDescriptor descriptor)
    {
        int dot = descriptor.TypeName.LastIndexOf('.');
        var name = descriptor.TypeName[(dot + 1)..];
        return new JsonObject
        {
            ["typeName"] = descriptor.TypeName, ["namespace"] = dot > 0 ? descriptor.TypeName[..dot] : "", ["name"] = name, ["version"] = 1,
            ["category"] = descriptor.Category, ["displayName"] = descriptor.DisplayName ?? Words(name), ["description"] = descriptor.Description,
            ["kind"] = descriptor.Kind.ToString(), ["isContainer"] = false, ["isBrowsable"] = true, ["isStart"] = descriptor.TypeName == Start, ["isTerminal"] = descriptor.IsTerminal,
            ["inputs"] = new JsonArray([.. descriptor.Inputs.Select((input, order) => (JsonNode)Input(input, order))]),
            ["outputs"] = new JsonArray([.. descriptor.Outputs.Select((output, order) => (JsonNode)Output(output, order))]),
            ["ports"] = new JsonArray([.. descriptor.Outcomes.Select(outcome => (JsonNode)Port(outcome))]),
            ["customProperties"] = new JsonObject(), ["constructionProperties"] = new JsonObject(),
        };
    }

    private static JsonObject Input(InputDescriptor input, int order) => new()
    {
        ["name"] = Pascal(input.Name), ["typeName"] = input.TypeName, ["displayName"] = (input.DisplayName ?? Words(Pascal(input.Name))) + (input.IsRequired ? " *" : ""),
        ["description"] = Description(input), ["order"] = order, ["isBrowsable"] = true, ["isSynthetic"] = false, ["isWrapped"] = input.IsWrapped, ["uiHint"] = input.UiHint,
        ["category"] = null, ["defaultValue"] = input.DefaultValue?.DeepClone(), ["defaultSyntax"] = "Literal", ["isReadOnly"] = false, ["isSensitive"] = false,
        ["uiSpecifications"] = Specifications(input),
    };

    private static JsonObject Output(OutputDescriptor output, int order) => new()
    {
        ["name"] = Pascal(output.Name), ["typeName"] = output.TypeName, ["displayName"] = Words(Pascal(output.Name)), ["description"] = output.Description,
        ["order"] = order, ["isBrowsable"] = true, ["isSynthetic"] = false,
    };

    private static JsonObject Port(string outcome) => new() { ["name"] = outcome, ["displayName"] = outcome, ["type"] = "Flow", ["isBrowsable"] = true };

    private static JsonObject? Specifications(InputDescriptor input)
    {
        if (input.ListChoices.Count > 0)
        {
            var choices = new JsonArray([.. input.ListChoices.Select(choice => (JsonNode)new JsonObject { ["text"] = choice, ["value"] = choice, ["isChecked"] = false })]);
            return new JsonObject { ["checklist"] = new JsonObject { ["checkList"] = new JsonObject { ["items"] = choices } } };
        }
        if (input.Choices.Count == 0)
            return input.UiSpecifications?.DeepClone().AsObject();
        var items = new JsonArray([.. input.Choices.Select(choice => (JsonNode)new JsonObject { ["text"] = choice, ["value"] = choice })]);
        return new JsonObject { ["dropdown"] = new JsonObject { ["selectList"] = new JsonObject { ["items"] = items, ["isFlagsEnum"] = false } } };
    }

    private static string? Description(InputDescriptor input)
    {
        var range = (input.Minimum, input.Maximum) switch
        {
            ({ } least, { } most) => string.Create(CultureInfo.InvariantCulture, $" From {least} to {most}."),
            ({ } least, null) => string.Create(CultureInfo.InvariantCulture, $" At least {least}."),
            (null, { } most) => string.Create(CultureInfo.InvariantCulture, $" At most {most}."),
            _ => "",
        };
        return (input.Description ?? "") + range is { Length: > 0 } text ? text.TrimStart() : null;
    }

    private static JsonObject Container(string name, string description) => new()
    {
        ["typeName"] = $"Elsa.{name}", ["namespace"] = "Elsa", ["name"] = name, ["version"] = 1, ["category"] = "Flow", ["displayName"] = name, ["description"] = description,
        ["kind"] = "Action", ["isContainer"] = true, ["isBrowsable"] = false, ["isStart"] = false, ["isTerminal"] = false, ["inputs"] = new JsonArray(),
        ["outputs"] = new JsonArray(), ["ports"] = new JsonArray(), ["customProperties"] = new JsonObject(), ["constructionProperties"] = new JsonObject(),
    };

    // Elsa writes names of properties in PascalCase in descriptors and in camelCase in definitions.
    public static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..];

    private static string Words(string name)
    {
        var words = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
            words.Append(i > 0 && char.IsUpper(name[i]) && char.IsLower(name[i - 1]) ? $" {char.ToLowerInvariant(name[i])}" : name[i].ToString());
        return words.ToString();
    }
}
