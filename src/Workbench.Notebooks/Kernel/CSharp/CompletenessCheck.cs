using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>Whether C# text is whole, or waits for more.</summary>
internal static class CompletenessCheck
{
    // An unterminated string, comment or raw string: CS1039, CS1035, CS8997, CS8999.
    private static readonly string[] UnfinishedToken = ["CS1039", "CS1035", "CS8997", "CS8999"];

    /// <summary><c>complete</c>, <c>incomplete</c> or <c>invalid</c>, as the Jupyter protocol says it.</summary>
    public static string Of(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ScriptEnvironment.ParseOptions);
        var errors = Errors(tree);
        if (SyntaxFactory.IsCompleteSubmission(tree))
            return errors.Exists(error => error.Id != "CS1002") ? "invalid" : "complete"; // CS1002: the missing ; of a last expression
        if (errors.Exists(IsUnfinished))
            return "incomplete";
        // What is wrong before the end cannot be mended by typing more; IsCompleteSubmission calls it incomplete.
        int end = code.TrimEnd().Length;
        return errors.Exists(error => error.Location.SourceSpan.End < end) ? "invalid" : "incomplete";
    }

    /// <summary>Whether the text ends in the middle of a string or comment that goes on over lines.</summary>
    public static bool EndsInsideToken(string code) => Errors(CSharpSyntaxTree.ParseText(code, ScriptEnvironment.ParseOptions)).Exists(IsUnfinished);

    private static bool IsUnfinished(Diagnostic error) => UnfinishedToken.Contains(error.Id);

    private static List<Diagnostic> Errors(SyntaxTree tree) =>
        tree.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
}
