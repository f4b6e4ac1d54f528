using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>An exception as the Jupyter protocol shows it: name, message, and a traceback of the cells' own frames.</summary>
internal sealed partial record CellError(string Name, string Message, IReadOnlyList<string> Traceback)
{
    private const string Red = "\e[31m";
    private const string Reset = "\e[0m";

    public static CellError From(Exception failure) => failure switch
    {
        CompilationErrorException compilation => FromCompilation(compilation),
        CellFailedException failed => new(failed.Name, failed.Message, failed.Traceback),
        AggregateException { InnerExceptions.Count: 1 } aggregate => From(aggregate.InnerExceptions[0]),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => From(inner),
        _ => new(failure.GetType().FullName ?? failure.GetType().Name, failure.Message, [$"{Red}{failure.GetType().FullName}: {failure.Message}{Reset}", .. Frames(failure)]),
    };

    public static CellError Interrupted { get; } =
        new("KeyboardInterrupt", "The cell was interrupted.", [$"{Red}KeyboardInterrupt: the cell was interrupted.{Reset}"]);

    private static CellError FromCompilation(CompilationErrorException failure)
    {
        var lines = failure.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(error => $"{Red}{Describe(error)}{Reset}").ToList();
        return new("CompilationError", failure.Message, lines);
    }

    /// <summary>A compiler's message with its place in the cell and the line it speaks of.</summary>
    public static string Describe(Diagnostic diagnostic)
    {
        var start = diagnostic.Location.GetLineSpan().StartLinePosition;
        var kind = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        var message = $"{diagnostic.Location.GetLineSpan().Path}({start.Line + 1},{start.Character + 1}): {kind} {diagnostic.Id}: {diagnostic.GetMessage()}{Hint(diagnostic.Id)}";
        if (diagnostic.Location.SourceTree is not { } tree || !diagnostic.Location.IsInSource)
            return message;
        var line = tree.GetText().Lines[start.Line].ToString();
        var indent = new string(line.Take(start.Character).Select(letter => letter == '\t' ? '\t' : ' ').ToArray());
        return $"{message}\n    {line}\n    {indent}{new string('~', Math.Clamp(diagnostic.Location.SourceSpan.Length, 1, Math.Max(1, line.Length - start.Character)))}";
    }

    // CS1109, CS9283: everything in a cell is inside of a class already.
    private static string Hint(string id) =>
        id is "CS1109" or "CS9283" ? ". In a cell, write the method by itself, without a class around it: static int Twice(this int x) => 2 * x;" : "";

    private static List<string> Frames(Exception failure)
    {
        var frames = OwnFrames(failure).ToList();
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            frames.AddRange(OwnFrames(inner).Prepend($"caused by {inner.GetType().FullName}: {inner.Message}"));
        return frames;
    }

    // Frames of the cells and of what they called, without the kernel's below them.
    private static IEnumerable<string> OwnFrames(Exception failure) => (failure.StackTrace ?? "").Split('\n')
        .TakeWhile(line => !line.Contains("Microsoft.CodeAnalysis.Scripting.", StringComparison.Ordinal) && !line.Contains("at Workbench.Notebooks.Kernel.", StringComparison.Ordinal))
        .Where(line => !line.Contains("--- End of stack trace", StringComparison.Ordinal))
        .Select(line => Shorten(line.TrimEnd())).Where(line => line.Length > 0);

    // "at Submission#8.Boom(Int32 q) in Cell[8]:line 1" reads "at Boom(Int32 q) in Cell[8]:line 1".
    private static string Shorten(string frame) =>
        CellFolder().Replace(SubmissionPrefix().Replace(SubmissionBody().Replace(frame, "at "), ""), "");

    [GeneratedRegex(@"at Submission#\d+\.<<Initialize>>d__\d+\.MoveNext\(\) in ")]
    private static partial Regex SubmissionBody();

    // A cell has no folder, though a relative path in it has a base.
    [GeneratedRegex(@"(?<= in |^\s*at )(?:/|[A-Za-z]:\\).*[/\\](?=Cell\[\d+\]:)")]
    private static partial Regex CellFolder();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionPrefix();
}
