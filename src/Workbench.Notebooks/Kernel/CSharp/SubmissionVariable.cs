using System.Reflection;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>A variable that a submission declared.</summary>
internal sealed record SubmissionVariable(FieldInfo Field, object State)
{
    public string Name => Field.Name;

    /// <summary>Its declared type.</summary>
    public Type Type => Field.FieldType;

    /// <summary>What it holds now.</summary>
    public object? Value => Field.GetValue(State);
}
