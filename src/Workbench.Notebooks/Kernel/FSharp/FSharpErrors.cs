using FSharp.Compiler.Diagnostics;

namespace Workbench.Notebooks.Kernel.FSharp;

/// <summary>The compiler's messages in the form that C# cells have.</summary>
internal static class FSharpErrors
{
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    public static CellFailedException ToFailure(IReadOnlyList<FSharpDiagnostic> errors, string cellName, string code) =>
        new("CompilationError", errors[0].Message, errors.Select(error => $"{Red}{Describe(error, cellName, code)}{Reset}").ToList());

    /// <summary>Place, number, message, and the line that it speaks of.</summary>
    public static string Describe(FSharpDiagnostic diagnostic, string cellName, string code)
    {
        var kind = diagnostic.Severity.IsError ? "error" : "warning";
        var message = $"{cellName}({diagnostic.StartLine},{diagnostic.StartColumn + 1}): {kind} FS{diagnostic.ErrorNumber:0000}: {diagnostic.Message}";
        var lines = code.Split('\n');
        if (diagnostic.StartLine < 1 || diagnostic.StartLine > lines.Length)
            return message;
        var line = lines[diagnostic.StartLine - 1];
        int start = Math.Min(diagnostic.StartColumn, line.Length);
        int length = diagnostic.EndLine == diagnostic.StartLine ? diagnostic.EndColumn - start : line.Length - start;
        return $"{message}\n    {line}\n    {new string(' ', start)}{new string('~', Math.Max(1, length))}";
    }
}
