using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
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

    private static readonly MimeBundle Null = MimeBundle.Of("text/plain", "null", "null");

    private readonly InteractiveAssemblyLoader _loader = new();
    private readonly ScriptOptions _options = ScriptOptions.Default
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithAllowUnsafe(true)
        .WithOptimizationLevel(OptimizationLevel.Debug) // with optimisation the lines of a traceback drift
        .WithEmitDebugInformation(true)
        .WithMetadataResolver(ScriptEnvironment.ReferenceResolver)
        .WithSourceResolver(ScriptEnvironment.SourceResolver)
        .WithFileEncoding(System.Text.Encoding.UTF8);

    private readonly List<CSharpSubmission> _submissions = [];
    private readonly Dictionary<string, string> _disposedIn = new(StringComparer.Ordinal);
    private readonly HashSet<MetadataReference> _referenced = [];
    private ScriptState<object>? _state;

    /// <summary>What ran, oldest first, for completion.</summary>
    public IReadOnlyList<CSharpSubmission> Submissions => _submissions;

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

    /// <summary>Names of the assemblies that the last submission is compiled against.</summary>
    internal IEnumerable<string> BoundAssemblies => _state?.Script.GetCompilation().ReferencedAssemblyNames.Select(assembly => assembly.Name) ?? [];

    /// <summary>Runs one submission and returns the value of its last expression, or null when it ends in a statement.</summary>
    /// <param name="code">C# script source.</param>
    /// <param name="cellName">Name of the cell in tracebacks.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <param name="references">Assemblies that this submission and those after it see besides the earlier ones.</param>
    /// <param name="warn">Told the compiler's warnings before the code runs.</param>
    /// <param name="atEnd">Told what is to be done when the cell ends: disposing of what <c>using var</c> declared.</param>
    /// <exception cref="CompilationErrorException">The source does not compile.</exception>
    public object? Run(
        string code, string cellName, CancellationToken cancellationToken, IReadOnlyList<MetadataReference>? references = null, Action<string>? warn = null, Action<Action>? atEnd = null)
    {
        var (source, disposed) = atEnd is null ? (code, []) : UsingDeclarations.Rewrite(code);
        var (script, diagnostics, added) = Compile(source, cellName, references ?? [], cancellationToken);
        var tree = script.GetCompilation().SyntaxTrees.Last();
        foreach (var warning in diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning && diagnostic.Location.SourceTree == tree))
            warn?.Invoke(CellError.Describe(warning));
        // Variables of a cell that failed half-way stay visible, as in every notebook.
        var running = _state is null
            ? script.RunAsync(null, IsFailure, cancellationToken)
            : script.RunFromAsync(_state, IsFailure, cancellationToken);
        _state = running.GetAwaiter().GetResult();
        _submissions.Add(new(source, references ?? []));
        _referenced.UnionWith(added);
        foreach (var name in disposed)
            atEnd?.Invoke(() => DisposeVariable(name, cellName));
        if (_state.Exception is not null)
            Rethrow(_state.Exception, code);
        return EndsInExpression(tree) ? _state.ReturnValue ?? (IsVoid(script, tree) ? null : Null) : null;
    }

    /// <summary>Submissions that reference one of these assemblies get it, and not the process's own of the same name.</summary>
    public void Bind(IEnumerable<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
            _loader.RegisterDependency(assembly);
    }

    /// <summary>Declares a variable of the value's own type, or of the nearest that a cell can name.</summary>
    /// <exception cref="ArgumentException">The name is no C# identifier.</exception>
    public void SetVariable(string name, object? value)
    {
        if (!SyntaxFacts.IsValidIdentifier(name) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
            throw new ArgumentException($"'{name}' is no name for a C# variable. Use letters, digits and _, beginning with a letter.", nameof(name));
        if (value is null)
        {
            Run($"object {name} = null;", "Handover", CancellationToken.None);
            return;
        }
        Run($"var {name} = ({CSharpTypeName.Reachable(value.GetType())}){HandOver(value)};", "Handover", CancellationToken.None);
    }

    /// <summary>Puts a value where a cell can take it, and returns the call that takes it.</summary>
    internal static string HandOver(object value)
    {
        var ticket = Guid.NewGuid().ToString("N");
        Handover[ticket] = value;
        return $"{typeof(CellHandover).FullName}.{nameof(CellHandover.Take)}(\"{ticket}\")";
    }

    internal static object TakeHandover(string ticket) =>
        Handover.TryRemove(ticket, out var value) ? value : throw new InvalidOperationException($"No value waits under '{ticket}'; it can be taken once.");

    // What the cell lacks is added and the cell compiled again; only when nothing is left to add are its errors its own.
    private (Script<object> Script, ImmutableArray<Diagnostic> Diagnostics, HashSet<MetadataReference> Added) Compile(
        string source, string cellName, IReadOnlyList<MetadataReference> references, CancellationToken cancellationToken)
    {
        var added = references.Concat(_state is null ? ScriptReferences.Usual : []).ToHashSet();
        while (true)
        {
            var script = Continue(source, cellName, added);
            var diagnostics = script.Compile(cancellationToken);
            if (!diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
                return (script, diagnostics, added);
            if (IsSyntaxOnly(diagnostics) || ScriptReferences.Missing(diagnostics, _referenced.Concat(added).ToHashSet()) is not { Count: > 0 } missing)
                throw new CompilationErrorException(diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).GetMessage(), diagnostics);
            added.UnionWith(missing);
        }
    }

    private static bool IsSyntaxOnly(ImmutableArray<Diagnostic> diagnostics) =>
        diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).All(error => error.Location.SourceTree?.GetDiagnostics().Any(syntax => syntax.Id == error.Id && syntax.Location == error.Location) == true);

    private static bool IsFailure(Exception failure) => failure is not ThreadAbortException;

    private void DisposeVariable(string name, string cellName)
    {
        _disposedIn[name] = cellName;
        UsingDeclarations.Dispose(name, Variables.GetValueOrDefault(name)?.Value);
    }

    private void Rethrow(Exception failure, string code)
    {
        if (failure is ObjectDisposedException && _disposedIn.FirstOrDefault(pair => code.Contains(pair.Key, StringComparison.Ordinal)) is { Key: { } name, Value: { } cell })
            throw new ObjectDisposedException($"{failure.Message} '{name}' was declared with 'using var' in {cell} and disposed when that cell ended; write 'var {name}' to keep it.", failure);
        ExceptionDispatchInfo.Throw(failure); // keeps the lines where it was thrown
    }

    // A continuation inherits references and imports. Repeating them binds every assembly again: 4.9 GB after 1000 cells instead of 0.3.
    private Script<object> Continue(string code, string cellName, IEnumerable<MetadataReference> references) => _state is null
        ? CSharpScript.Create<object>(code, _options.WithReferences(references).WithImports(ScriptEnvironment.Imports).WithFilePath(cellName), null, _loader)
        : _state.Script.ContinueWith<object>(code, _options.WithReferences(references).WithImports().WithFilePath(cellName));

    private static bool EndsInExpression(SyntaxTree tree) => LastExpression(tree) is not null;

    private static bool IsVoid(Script script, SyntaxTree tree) =>
        LastExpression(tree) is not { } expression || script.GetCompilation().GetSemanticModel(tree).GetTypeInfo(expression).Type is not { } type || type.SpecialType == SpecialType.System_Void;

    private static ExpressionSyntax? LastExpression(SyntaxTree tree) =>
        tree.GetRoot() is CompilationUnitSyntax root
        && root.Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement } ? statement.Expression : null;
}

/// <summary>A submission that ran.</summary>
/// <param name="Code">Its source.</param>
/// <param name="References">Assemblies that came with it.</param>
internal sealed record CSharpSubmission(string Code, IReadOnlyList<MetadataReference> References);
