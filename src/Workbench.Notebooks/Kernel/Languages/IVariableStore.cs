namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A language whose variables other languages can read and set.</summary>
internal interface IVariableStore
{
    /// <summary>What is declared now, in order of name.</summary>
    IReadOnlyList<CellVariable> List();

    /// <summary>The value of a variable.</summary>
    bool TryGet(string name, out object? value);

    /// <summary>Declares a variable, or replaces it.</summary>
    /// <exception cref="ArgumentException">The name is no identifier of the language, or the value cannot go there; the message says which and what could.</exception>
    void Set(string name, object? value);
}

/// <summary>A variable as <c>#!who</c> and <c>#!whos</c> list it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, as its language writes it.</param>
/// <param name="Value">Its value; for a language of another process, the text that it gives.</param>
internal sealed record CellVariable(string Name, string Type, object? Value);
