using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

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

    private readonly SubmissionAssemblies _assemblies = new();
    private readonly List<CSharpSubmission> _submissions = [];
    private readonly Dictionary<string, string> _disposedIn = new(StringComparer.Ordinal);
    private readonly HashSet<MetadataReference> _referenced = [];
    private object?[] _states = new object?[16]; // what submissions declared, in the slots that the compiler gives them; the first is for globals
    private int _used = 1;
    private CSharpCompilation? _last;
    private Task<CSharpCompilation>? _next; // prepared while nothing runs; a name is used once

    /// <summary>What ran, oldest first, for completion.</summary>
    public IReadOnlyList<CSharpSubmission> Submissions => _submissions;

    /// <summary>Variables by name; a later declaration hides an earlier one.</summary>
    public IReadOnlyDictionary<string, SubmissionVariable> Variables
    {
        get
        {
            var variables = new Dictionary<string, SubmissionVariable>(StringComparer.Ordinal);
            foreach (var state in _states.Take(_used).OfType<object>())
                foreach (var declared in state.GetType().GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
                    if (SyntaxFacts.IsValidIdentifier(declared.Name)) // the compiler's own have names that cannot be written
                        variables[declared.Name] = new(declared, state);
            return variables;
        }
    }

    /// <summary>Names of the assemblies that the last submission is compiled against.</summary>
    internal IEnumerable<string> BoundAssemblies => _last?.ReferencedAssemblyNames.Select(assembly => assembly.Name) ?? [];

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
        var (submission, execute, findings, added) = Compile(source, cellName, references ?? [], cancellationToken);
        var tree = submission.SyntaxTrees.Last();
        foreach (var warning in findings.Where(finding => finding.Severity == DiagnosticSeverity.Warning && finding.Location.SourceTree == tree))
            warn?.Invoke(CellError.Describe(warning));
        var (value, failure) = Execute(execute, cancellationToken);
        // Variables of a cell that failed half-way stay visible, as in every notebook.
        _last = submission;
        _next = Task.Run(() => SubmissionCompiler.Prepare([], submission), CancellationToken.None);
        _submissions.Add(new(source, references ?? []));
        _referenced.UnionWith(added);
        foreach (var name in disposed)
            atEnd?.Invoke(() => DisposeVariable(name, cellName));
        if (failure is not null)
            Rethrow(failure, code);
        return EndsInExpression(tree) ? value ?? (IsVoid(submission, tree) ? null : Null) : null;
    }

    /// <summary>Compiles source as the next submission would be and forgets it. Unlike all else here, it may be called on any thread at any time.</summary>
    /// <returns>The compiler's findings; none before the first submission.</returns>
    public IReadOnlyList<Diagnostic> Rehearse(string source, CancellationToken cancellationToken) => _last is not { } last ? []
        : SubmissionCompiler.Emit(SubmissionCompiler.Take(SubmissionCompiler.Prepare([], last), source, "Rehearsal"), new MemoryStream(), new MemoryStream(), cancellationToken).Diagnostics;

    /// <summary>Submissions that reference one of these assemblies get it, and not the process's own of the same name.</summary>
    public void Bind(IEnumerable<Assembly> assemblies)
    {
        foreach (var assembly in assemblies)
            _assemblies.Bind(assembly);
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
    private (CSharpCompilation Submission, Func<object?[], Task<object?>> Execute, IReadOnlyList<Diagnostic> Findings, HashSet<MetadataReference> Added) Compile(
        string source, string cellName, IReadOnlyList<MetadataReference> references, CancellationToken cancellationToken)
    {
        var added = references.Concat(_last is null ? ScriptReferences.Usual : []).ToHashSet();
        while (true)
        {
            var submission = SubmissionCompiler.Take(Prepared(added), source, cellName);
            var (execute, findings) = SubmissionCompiler.Build(submission, _assemblies, cancellationToken);
            if (!findings.Any(finding => finding.Severity == DiagnosticSeverity.Error))
                return (submission, execute, findings, added);
            if (IsSyntaxOnly(findings) || ScriptReferences.Missing(findings, _referenced.Concat(added).ToHashSet()) is not { Count: > 0 } missing)
                throw new CompilationErrorException(findings.First(finding => finding.Severity == DiagnosticSeverity.Error).GetMessage(), [.. findings]);
            added.UnionWith(missing);
        }
    }

    private CSharpCompilation Prepared(HashSet<MetadataReference> references)
    {
        var next = _next;
        _next = null;
        return next is not null && references.Count == 0 ? next.GetAwaiter().GetResult() : SubmissionCompiler.Prepare(references, _last);
    }

    // Only an aborted cell leaves nothing: its slot is given to the next one.
    private (object? Value, Exception? Failure) Execute(Func<object?[], Task<object?>> execute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_used == _states.Length)
            Array.Resize(ref _states, 2 * _used);
        object? value = null;
        Exception? failure = null;
        try
        {
            value = execute(_states).GetAwaiter().GetResult();
        }
        catch (Exception thrown) when (thrown is not ThreadAbortException)
        {
            failure = thrown;
        }
        if (_states[_used] is not null) // a submission without code takes no slot
            _used++;
        return (value, failure);
    }

    private static bool IsSyntaxOnly(IReadOnlyList<Diagnostic> diagnostics) =>
        diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).All(error => error.Location.SourceTree?.GetDiagnostics().Any(syntax => syntax.Id == error.Id && syntax.Location == error.Location) == true);

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

    private static bool EndsInExpression(SyntaxTree tree) => LastExpression(tree) is not null;

    private static bool IsVoid(CSharpCompilation submission, SyntaxTree tree) =>
        LastExpression(tree) is not { } expression || submission.GetSemanticModel(tree).GetTypeInfo(expression).Type is not { } type || type.SpecialType == SpecialType.System_Void;

    private static ExpressionSyntax? LastExpression(SyntaxTree tree) =>
        tree.GetRoot() is CompilationUnitSyntax root
        && root.Members.LastOrDefault() is GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement } ? statement.Expression : null;
}

/// <summary>A submission that ran.</summary>
/// <param name="Code">Its source.</param>
/// <param name="References">Assemblies that came with it.</param>
internal sealed record CSharpSubmission(string Code, IReadOnlyList<MetadataReference> References);
