namespace Workbench.Workflows.Model;

/// <summary>A value that an activity hands on: property name (camelCase), Elsa type name, and id of the variable that takes it.</summary>
public sealed record ActivityOutput(string Name, string TypeName, string VariableId);
