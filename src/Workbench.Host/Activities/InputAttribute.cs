namespace Workbench.Host.Activities;

/// <summary>An input of an activity. Its type, its default and whether it is required come from the property itself.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InputAttribute(string description) : Attribute
{
    /// <summary>What the value is for, with its unit.</summary>
    public string Description { get; } = description;
    /// <summary>Label for people; null makes one of the property's name.</summary>
    public string? DisplayName { get; init; }
    /// <summary>Elsa's editor; null picks one by the property's type.</summary>
    public string? Editor { get; init; }
    /// <summary>Language of a code editor.</summary>
    public string? Language { get; init; }
    /// <summary>Elsa's type name; null takes that of the property. <c>Object</c> also takes what an earlier step hands on.</summary>
    public string? TypeName { get; init; }
}
