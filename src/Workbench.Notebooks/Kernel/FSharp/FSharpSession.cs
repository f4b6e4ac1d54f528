using System.Text.RegularExpressions;
using FSharp.Compiler.Diagnostics;
using FSharp.Compiler.Interactive;
using Microsoft.FSharp.Core;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.FSharp;

/// <summary>
/// F# Interactive in this process: it sees the assemblies that C# cells see, and runs on the calling thread, so that an
/// interrupt of the kernel ends it.
/// </summary>
internal sealed partial class FSharpSession : IDisposable
{
    // Its own chatter ("val x: int = 3") goes nowhere: the kernel shows the value, and what a cell prints goes to the console.
    private readonly Shell.FsiEvaluationSession _session = Shell.FsiEvaluationSession.Create(
        Shell.FsiEvaluationSession.GetDefaultConfiguration(), Arguments(), TextReader.Null, TextWriter.Null, TextWriter.Null, FSharpOption<bool>.None, null);

    /// <summary>Runs one interaction; returns the value of its last expression, or null for unit and declarations.</summary>
    /// <param name="code">F# source.</param>
    /// <param name="cellName">Name of the cell in errors.</param>
    /// <param name="warn">Takes the compiler's warnings.</param>
    /// <param name="cancellationToken">Ends the compilation.</param>
    /// <exception cref="CellFailedException">The source does not compile.</exception>
    public object? Run(string code, string cellName, Action<string> warn, CancellationToken cancellationToken)
    {
        var (result, diagnostics) = _session.EvalInteractionNonThrowing(code, cellName, FSharpOption<CancellationToken>.Some(cancellationToken));
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity.IsError).ToList();
        if (errors.Count > 0)
            throw FSharpErrors.ToFailure(errors, cellName, code);
        foreach (var warning in diagnostics.Where(diagnostic => diagnostic.Severity.IsWarning))
            warn(FSharpErrors.Describe(warning, cellName, code));
        if (result is FSharpChoice<FSharpOption<Shell.FsiValue>?, Exception>.Choice2Of2 failed)
            throw FSharpErrors.ToFailure(failed.Item);
        var value = ((FSharpChoice<FSharpOption<Shell.FsiValue>?, Exception>.Choice1Of2)result).Item?.Value;
        return value is null || value.ReflectionType == typeof(Unit) ? null : value.ReflectionValue;
    }

    public IReadOnlyList<CellVariable> List() => _session.GetBoundValues().Where(bound => bound.Name != "it")
        .Select(bound => new CellVariable(bound.Name, CSharpTypeName.Of(bound.Value.ReflectionType), bound.Value.ReflectionValue)).OrderBy(variable => variable.Name, StringComparer.Ordinal).ToList();

    public bool TryGet(string name, out object? value)
    {
        var found = _session.TryFindBoundValue(name);
        value = found?.Value.Value.ReflectionValue;
        return found is not null;
    }

    /// <exception cref="ArgumentException">The name is no identifier of F#, or its type cannot be written in F#.</exception>
    public void Set(string name, object? value)
    {
        if (!Identifier().IsMatch(name))
            throw new ArgumentException($"'{name}' is no name for an F# value. Use letters, digits and _, beginning with a letter.");
        try
        {
            // Not AddBoundValue, whose System.Int32 is another type than int.
            var source = value is null ? "null : obj" : $"{CSharpSession.HandOver(value)} :?> {FSharpTypeName(value.GetType())}";
            Run($"let {name} = {source}", "Set", _ => { }, CancellationToken.None);
        }
        catch (CellFailedException failure)
        {
            throw new ArgumentException($"'{name}' of type {value?.GetType().ToString() ?? "null"} cannot be an F# value: {failure.Message} A type that a cell declared exists in its language only; share a DataFrame, or plain numbers and texts.", failure);
        }
    }

    /// <summary>Names that continue <paramref name="path"/>, such as the members of <c>List.</c>.</summary>
    public IReadOnlyList<string> Complete(string path) => _session.GetCompletions(path).Distinct().Order(StringComparer.Ordinal).ToList();

    /// <summary>What is wrong with the grammar of a source that is not run.</summary>
    public IReadOnlyList<FSharpDiagnostic> Parse(string code) => _session.ParseAndCheckInteraction(code, FSharpOption<bool>.Some(false)).Item1.Diagnostics;

    public void Dispose() => ((IDisposable)_session).Dispose();

    // With all assemblies of the process referenced, System.Int32 by its name is not the int of F#.
    private static string FSharpTypeName(Type type) => Primitive().Replace(CSharpTypeName.Of(type), match => match.Groups[1].Value switch
    {
        "Int32" => "int", "Int64" => "int64", "Int16" => "int16", "Byte" => "byte", "SByte" => "sbyte", "UInt32" => "uint32", "UInt64" => "uint64", "UInt16" => "uint16",
        "Double" => "float", "Single" => "float32", "Decimal" => "decimal", "Boolean" => "bool", "Char" => "char", "String" => "string", _ => "obj",
    });

    [GeneratedRegex(@"(?<![\w.])System\.(Int32|Int64|Int16|Byte|SByte|UInt32|UInt64|UInt16|Double|Single|Decimal|Boolean|Char|String|Object)(?![\w.])")]
    private static partial Regex Primitive();

    [GeneratedRegex(@"^[\p{L}_][\p{L}\p{Nd}_]*$")]
    private static partial Regex Identifier();

    private static string[] Arguments() =>
    [
        "fsi", "--noninteractive", "--nologo", "--gui-", "--readline-", "--quiet", "--noframework", "--targetprofile:netcore",
        "--debug+", "--optimize-", // with optimisation the lines of a traceback drift
        .. ScriptEnvironment.AssemblyPaths.Select(path => "-r:" + path),
    ];
}
