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
        AggregateException { InnerExceptions.Count: 1 } aggregate => From(aggregate.InnerExceptions[0]),
        System.Reflection.TargetInvocationException { InnerException: { } inner } => From(inner),
        _ => new(failure.GetType().FullName ?? failure.GetType().Name, failure.Message, [$"{Red}{failure.GetType().FullName}: {failure.Message}{Reset}", .. Frames(failure)]),
    };

    public static CellError Interrupted { get; } =
        new("KeyboardInterrupt", "The cell was interrupted.", [$"{Red}KeyboardInterrupt: the cell was interrupted.{Reset}"]);

    private static CellError FromCompilation(CompilationErrorException failure)
    {
        var lines = failure.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(Describe).ToList();
        return new("CompilationError", failure.Message, lines);
    }

    private static string Describe(Diagnostic diagnostic)
    {
        var position = diagnostic.Location.GetLineSpan();
        var line = $"{Red}{position.Path}({position.StartLinePosition.Line + 1},{position.StartLinePosition.Character + 1}): error {diagnostic.Id}: {diagnostic.GetMessage()}{Reset}";
        return Hint(diagnostic) is { } hint ? $"{line} {hint}" : line;
    }

    private static string? Hint(Diagnostic diagnostic)
    {
        var line = diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().TrimStart() ?? "";
        return line.StartsWith("using var ", StringComparison.Ordinal)
            ? "A cell has no end at which 'using var' could dispose; write 'var' and call Dispose(), or use a using block."
            : null;
    }

    private static List<string> Frames(Exception failure)
    {
        var frames = (failure.StackTrace ?? "").Split('\n')
            .TakeWhile(line => !line.Contains("Microsoft.CodeAnalysis.Scripting.", StringComparison.Ordinal))
            .Where(line => !line.Contains("--- End of stack trace", StringComparison.Ordinal))
            .Select(line => Shorten(line.TrimEnd())).Where(line => line.Length > 0).ToList();
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            frames.Add($"caused by {inner.GetType().FullName}: {inner.Message}");
        return frames;
    }

    // "at Submission#8.Boom(Int32 q) in Cell[8]:line 1" reads "at Boom(Int32 q) in Cell[8]:line 1".
    private static string Shorten(string frame) =>
        SubmissionPrefix().Replace(SubmissionBody().Replace(frame, "at "), "");

    [GeneratedRegex(@"at Submission#\d+\.<<Initialize>>d__\d+\.MoveNext\(\) in ")]
    private static partial Regex SubmissionBody();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex SubmissionPrefix();
}
