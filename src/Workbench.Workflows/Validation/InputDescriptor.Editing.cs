using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

public sealed partial record InputDescriptor
{
    /// <summary>Least literal that is allowed, or null for any.</summary>
    public double? Minimum { get; init; }
    /// <summary>Greatest literal that is allowed, or null for any.</summary>
    public double? Maximum { get; init; }
    /// <summary>What Elsa's editor is told besides <see cref="UiHint"/>, for example the language of a code editor; null for nothing.</summary>
    public JsonObject? UiSpecifications { get; init; }
}
