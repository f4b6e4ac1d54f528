using System.Text.RegularExpressions;
using FSharp.Compiler.Diagnostics;

namespace Workbench.Notebooks.Kernel.FSharp;

/// <summary>The compiler's messages in the form that C# cells have.</summary>
internal static partial class FSharpErrors
{
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    public static CellFailedException ToFailure(IReadOnlyList<FSharpDiagnostic> errors, string cellName, string code) =>
        new("CompilationError", errors[0].Message, errors.Select(error => $"{Red}{Describe(error, cellName, code)}{Reset}").ToList());

    /// <summary>What a cell threw, with the frames of cells only.</summary>
    public static CellFailedException ToFailure(Exception failure)
    {
        var name = failure.GetType().FullName ?? failure.GetType().Name;
        var frames = (failure.StackTrace ?? "").Split('\n').TakeWhile(line => !line.Contains("System.Reflection.MethodBaseInvoker", StringComparison.Ordinal) && !line.Contains("FSharp.Compiler.", StringComparison.Ordinal))
            .Select(line => Session().Replace(StartUp().Replace(line.TrimEnd().Replace(Directory.GetCurrentDirectory() + Path.DirectorySeparatorChar, "", StringComparison.Ordinal), "at "), "")).Where(line => line.Length > 0).ToList();
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            frames.Add($"caused by {inner.GetType().FullName}: {inner.Message}");
        return new(name, failure.Message, [$"{Red}{name}: {failure.Message}{Reset}", .. frames]);
    }

    // "at FSI_0002.boom(Int32 q) in Cell[3]:line 2" reads "at boom(Int32 q) in Cell[3]:line 2".
    [GeneratedRegex(@"\bFSI_\d+\.")]
    private static partial Regex Session();

    [GeneratedRegex(@"at <StartupCode\$FSI_\d+>\.\S+\(\) in ")]
    private static partial Regex StartUp();

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
