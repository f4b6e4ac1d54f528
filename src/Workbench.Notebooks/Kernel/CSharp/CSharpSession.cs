using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Scripting.Hosting;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// The chain of C# submissions that is a kernel's state. Runs on the kernel's execution thread only; reading
/// variables is safe between cells.
/// </summary>
internal sealed class CSharpSession
{
    // Values on their way into script variables, see SetVariable.
    private static readonly ConcurrentDictionary<string, object> Handover = new();

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithAllowUnsafe(true)
        .WithOptimizationLevel(OptimizationLevel.Debug) // with optimisation the lines of a traceback drift
        .WithEmitDebugInformation(true)
        .WithFileEncoding(System.Text.Encoding.UTF8);

    private readonly List<string> _submissions = [];
    private ScriptState<object>? _state;

    /// <summary>Sources that ran, oldest first, for completion.</summary>
    public IReadOnlyList<string> Submissions => _submissions;

    /// <summary>Variables by name; a later declaration hides an earlier one.</summary>
    public IReadOnlyDictionary<string, ScriptVariable> Variables
    {
        get
        {
            var variables = new Dictionary<string, ScriptVariable>(StringComparer.Ordinal);
            foreach (var variable in _state?.Variables ?? [])
                variables[variable.Name] = variable;
            return variables;
        }
    }

    /// <summary>Runs one submission and returns the value of its last expression, or null when it ends in a statement.</summary>
    /// <param name="code">C# script source.</param>
    /// <param name="cellName">Name of the cell in tracebacks.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <exception cref="CompilationErrorException">The source does not compile.</exception>
    public object? Run(string code, string cellName, CancellationToken cancellationToken)
    {
        var script = Continue(code, cellName);
        var errors = script.Compile(cancellationToken);
        if (errors.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            throw new CompilationErrorException(errors.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).GetMessage(), errors);
        // Variables of a cell that failed half-way stay visible, as in every notebook.
        var running = _state is null
            ? script.RunAsync(null, IsFailure, cancellationToken)
            : script.RunFromAsync(_state, IsFailure, cancellationToken);
        var state = running.GetAwaiter().GetResult();
        _state = state;
        _submissions.Add(code);
        if (state.Exception is not null)
            ExceptionDispatchInfo.Throw(state.Exception); // keeps the lines where it was thrown
        return EndsInExpression(script) ? state.ReturnValue : null;
    }

    /// <summary>Declares a variable of the value's own type.</summary>
    /// <exception cref="ArgumentException">The name is no C# identifier.</exception>
    public void SetVariable(string name, object value)
    {
        if (!SyntaxFacts.IsValidIdentifier(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
            throw new ArgumentException($"'{name}' is no name for a C# variable. Use letters, digits and _, beginning with a letter.", nameof(name));
        var ticket = Guid.NewGuid().ToString("N");
        Handover[ticket] = value;
        Run($"var {name} = ({CSharpTypeName.Of(value.GetType())}){typeof(CellHandover).FullName}.{nameof(CellHandover.Take)}(\"{ticket}\");", "Handover", CancellationToken.None);
    }

    internal static object TakeHandover(string ticket) =>
        Handover.TryRemove(ticket, out var value) ? value : throw new InvalidOperationException($"No value waits under '{ticket}'; it can be taken once.");

    private static bool IsFailure(Exception failure) => failure is not ThreadAbortException;

    // A continuation inherits references and imports. Repeating them binds every assembly again: 4.9 GB after 1000 cells instead of 0.3.
    private Script<object> Continue(string code, string cellName) => _state is null
        ? CSharpScript.Create<object>(code, _options.WithReferences(ScriptEnvironment.References).WithImports(ScriptEnvironment.Imports).WithFilePath(cellName), null, _loader)
        : _state.Script.ContinueWith<object>(code, _options.WithReferences(Array.Empty<MetadataReference>()).WithImports().WithFilePath(cellName));

    private static bool EndsInExpression(Script script) =>
        script.GetCompilation().SyntaxTrees.Last().GetRoot() is CompilationUnitSyntax root
        && root.Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } };
}
