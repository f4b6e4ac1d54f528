using System.Globalization;
using Workbench.Data;
using Workbench.Host.Activities;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Cli;

/// <summary>Activities in words, from the same descriptors as the palette of the designer.</summary>
internal static class ActivityText
{
    /// <exception cref="CommandException">No such type; names the nearest.</exception>
    public static void Write(string? type)
    {
        var all = StepActivities.Catalog.Descriptors;
        if (type is null)
        {
            TextTable.Write(["type", "outcomes", "what it does"], all.Select(one => new[] { one.TypeName, string.Join(", ", one.Outcomes), one.Description ?? "" }), "No activity.");
            return;
        }
        var names = all.Select(one => one.TypeName).ToList();
        var found = StepActivities.Catalog.Find(type)
            ?? throw new CommandException($"There is no activity '{type}'.{Suggestion.DidYouMean(type, names)} Known: {string.Join(", ", names)}.");
        Console.WriteLine($"{found.TypeName}: {found.Description}");
        Console.WriteLine($"Outcomes: {(found.Outcomes.Count > 0 ? string.Join(", ", found.Outcomes) : "none")}{(found.HasOpenOutcomes ? ", and those that the definition names" : "")}");
        TextTable.Write(["input", "type", "default", "what it is for"], found.Inputs.Select(Row), "It takes no inputs.");
        TextTable.Write(["output", "type", "", "what it is"], found.Outputs.Select(output => new[] { output.Name, output.TypeName, "", output.Description ?? "" }),
            found.HasOpenOutputs ? "Its outputs are named by the definition." : "It gives no outputs.");
    }

    private static string[] Row(InputDescriptor input) =>
        [input.Name, input.TypeName, input.IsRequired ? "(required)" : input.DefaultValue?.ToString() ?? "", $"{input.Description}{Allowed(input)}"];

    private static string Allowed(InputDescriptor input) => input switch
    {
        { Choices.Count: > 0 } => $" One of {string.Join(", ", input.Choices)}.",
        { Minimum: { } least, Maximum: { } most } => string.Create(CultureInfo.InvariantCulture, $" From {least} to {most}."),
        { Minimum: { } least } => string.Create(CultureInfo.InvariantCulture, $" At least {least}."),
        _ => "",
    };
}
