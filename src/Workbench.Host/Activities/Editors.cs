namespace Workbench.Host.Activities;

/// <summary>Elsa's editors for values.</summary>
internal static class Editors
{
    public const string SingleLine = "singleline";
    public const string MultiLine = "multiline";
    public const string CheckBox = "checkbox";
    public const string DropDown = "dropdown";
    public const string MultiText = "multitext";
    public const string Json = "json-editor";
    public const string Code = "code-editor";
    public const string DateTime = "datetime-picker";
    public const string Variable = "variable-picker";
}
