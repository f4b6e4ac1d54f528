using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// <c>using var x = ...;</c> at the top level of a cell, which C# script does not know. The word is blanked out, so that
/// positions stay, and the variables are disposed when the cell ends: a cell is the scope.
/// </summary>
internal static class UsingDeclarations
{
    /// <summary>The code without the words, and the variables they stood before, in order.</summary>
    public static (string Code, IReadOnlyList<string> Variables) Rewrite(string code)
    {
        if (!code.Contains("using", StringComparison.Ordinal))
            return (code, []);
        // A script's parser takes the line for a using directive; a program's knows what it is.
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, ScriptEnvironment.ParseOptions.WithKind(SourceCodeKind.Regular)).GetRoot();
        var declarations = root.Members.OfType<GlobalStatementSyntax>().Select(member => member.Statement).OfType<LocalDeclarationStatementSyntax>()
            .Where(statement => statement.UsingKeyword.IsKind(SyntaxKind.UsingKeyword)).ToList();
        if (declarations.Count == 0)
            return (code, []);
        var text = code.ToCharArray();
        foreach (var declaration in declarations)
        {
            Blank(text, declaration.UsingKeyword);
            Blank(text, declaration.AwaitKeyword);
        }
        return (new string(text), declarations.SelectMany(declaration => declaration.Declaration.Variables).Select(variable => variable.Identifier.ValueText).ToList());
    }

    /// <summary>Disposes a variable's value; null is nothing to dispose.</summary>
    /// <exception cref="InvalidOperationException">The value cannot be disposed.</exception>
    public static void Dispose(string variable, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case IDisposable disposable:
                disposable.Dispose();
                break;
            case IAsyncDisposable disposable:
                disposable.DisposeAsync().AsTask().GetAwaiter().GetResult();
                break;
            default:
                throw new InvalidOperationException($"'using var {variable}': {CSharpTypeName.Of(value.GetType())} has no Dispose. Write 'var {variable}'.");
        }
    }

    private static void Blank(char[] text, SyntaxToken token)
    {
        if (!token.IsKind(SyntaxKind.None) && !token.IsMissing)
            text.AsSpan(token.SpanStart, token.Span.Length).Fill(' ');
    }
}
