
namespace Workbench.Workflows.Model;

/// <summary>A value that an activity is given: property name (camelCase), Elsa type name, and where the value comes from.</summary>
public sealed record ActivityInput(string Name, string TypeName, Expression Expression);
