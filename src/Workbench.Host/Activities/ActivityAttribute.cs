using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>
/// Makes a record of options the description of an activity: the palette, the validation, the docs and the running step all
/// read it from here. Its properties with <see cref="InputAttribute"/> are the inputs; their initial values are the defaults.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ActivityAttribute(string typeName) : Attribute
{
    /// <summary>Type name in definitions, such as Workbench.Notify.</summary>
    public string TypeName { get; } = typeName;
    /// <summary>Label in the palette.</summary>
    public required string DisplayName { get; init; }
    /// <summary>Group in the palette.</summary>
    public string Category { get; init; } = "Workbench";
    /// <summary>What it does, in a sentence or two.</summary>
    public required string Description { get; init; }
    /// <summary>How long it works, in Elsa's words.</summary>
    public ActivityKind Kind { get; init; } = ActivityKind.Task;
    /// <summary>The outgoing ports.</summary>
    public string[] Outcomes { get; init; } = ["Done"];
    /// <summary>Whether steps may give outputs beyond those listed.</summary>
    public bool HasOpenOutputs { get; init; }
    /// <summary>Whether its steps wait, without a process, until the host's look says that what they wait for is there.</summary>
    public bool IsPolled { get; init; }
    /// <summary>The input that says how many processes a step has at work, and so how many places of its node it takes; null: one.</summary>
    public string? PlacesInput { get; init; }
    /// <summary>How often a failing step is tried unless the definition says otherwise.</summary>
    public int MaxAttempts { get; init; } = 1;
}
