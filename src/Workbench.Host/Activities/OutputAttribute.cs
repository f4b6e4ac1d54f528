namespace Workbench.Host.Activities;

/// <summary>An output that every step of the activity gives.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class OutputAttribute(string name, string typeName, string description) : Attribute
{
    /// <summary>Name in camelCase.</summary>
    public string Name { get; } = name;
    /// <summary>Elsa's type name.</summary>
    public string TypeName { get; } = typeName;
    /// <summary>What the value is, with its unit.</summary>
    public string Description { get; } = description;
}
