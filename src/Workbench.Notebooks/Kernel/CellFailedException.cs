namespace Workbench.Notebooks.Kernel;

/// <summary>A cell failed in a language that describes its errors itself.</summary>
/// <param name="name">Kind of the error, such as <c>CompilationError</c> or <c>ZeroDivisionError</c>.</param>
/// <param name="message">What went wrong.</param>
/// <param name="traceback">Lines that the front end shows, with the places in the cell.</param>
internal sealed class CellFailedException(string name, string message, IReadOnlyList<string> traceback) : WorkbenchException(message)
{
    public string Name => name;

    public IReadOnlyList<string> Traceback => traceback;
}
