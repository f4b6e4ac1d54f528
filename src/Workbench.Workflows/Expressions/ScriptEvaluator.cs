using System.Text.Json.Nodes;
using Acornima;
using Acornima.Ast;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;

namespace Workbench.Workflows.Expressions;

/// <summary>
/// Evaluates JavaScript. A script sees JSON values and the functions of <see cref="ScriptFunctions"/>, nothing of the host;
/// time, memory, statements, recursion and array sizes are limited. Each script has an engine of its own.
/// </summary>
internal static class ScriptEvaluator
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(1);
    private const long MostBytes = 64L * 1024 * 1024;
    private const int MostStatements = 100_000;
    private const int DeepestRecursion = 100;
    private const uint LargestArray = 100_000;

    private static readonly ScriptPreparationOptions Preparation = new() { ParsingOptions = new() { AllowReturnOutsideFunction = true } };

    /// <summary>The script's value as JSON, null for undefined. Variables that it changed are set in the scope.</summary>
    /// <exception cref="WorkflowException">The script cannot be read, fails, or reaches a limit; says in which line.</exception>
    public static JsonNode? Evaluate(string script, ExpressionScope scope)
    {
        var prepared = Prepare(script);
        using var engine = new Engine(Limit);
        var functions = new ScriptFunctions(engine, scope);
        try
        {
            functions.Install();
            var value = ToJson(engine, engine.Evaluate(prepared));
            functions.WriteBack();
            return value;
        }
        catch (JavaScriptException failure)
        {
            throw Failed(script, failure.Location.Start.Line, failure.Message, failure);
        }
        catch (Exception failure) when (failure is not WorkflowException) // The edge of foreign code: whatever it makes Jint throw is its failure.
        {
            throw Failed(script, null, Describe(failure), failure);
        }
    }

    /// <summary>The variables, workflow inputs and activities that the script names by literals.</summary>
    /// <exception cref="WorkflowException">The script cannot be read; says in which line.</exception>
    public static IReadOnlyList<ExpressionReference> References(string script) =>
        [.. Descendants(Prepare(script).Program!).Select(ReferenceOf).OfType<ExpressionReference>().Distinct()];

    private static Prepared<Script> Prepare(string script)
    {
        try
        {
            return Engine.PrepareScript(script, options: Preparation);
        }
        catch (ScriptPreparationException failure)
        {
            var error = failure.InnerException as ParseErrorException;
            var isTooDeep = failure.InnerException is InsufficientExecutionStackException;
            throw Failed(script, error?.LineNumber, isTooDeep ? "it is nested too deeply" : error?.Description ?? failure.Message, failure);
        }
    }

    private static void Limit(Options options)
    {
        options.TimeoutInterval(LongestTime).LimitMemory(MostBytes).MaxStatements(MostStatements).LimitRecursion(DeepestRecursion);
        options.Constraints.MaxArraySize = LargestArray;
        options.Constraints.RegexTimeout = LongestTime;
        options.Constraints.StackOverflowGuard = true;
        options.Host.StringCompilationAllowed = false;
    }

    private static string Describe(Exception failure) => LimitOf(failure) is { } limit ? $"it {limit}. Make it shorter, or do the work in a step" : failure.Message;

    private static string? LimitOf(Exception failure) => failure switch
    {
        TimeoutException => $"ran longer than {LongestTime.TotalSeconds} s",
        MemoryLimitExceededException or OutOfMemoryException => $"took more than {MostBytes / 1024 / 1024} MiB of memory",
        StatementsCountOverflowException => $"ran more than {MostStatements} statements",
        RecursionDepthOverflowException => $"called functions more than {DeepestRecursion} deep",
        InsufficientExecutionStackException => "called functions too deeply",
        _ => null,
    };

    internal static JsonNode? ToJson(Engine engine, JsValue value)
    {
        if (value.IsPromise())
            throw new JavaScriptException(engine.Intrinsics.TypeError, "The value is a promise; scripts cannot wait");
        var text = new JsonSerializer(engine).Serialize(value);
        return text.IsUndefined() ? null : JsonNode.Parse(text.AsString());
    }

    private static WorkflowException Failed(string script, int? line, string message, Exception failure)
    {
        var lines = script.Split('\n');
        var where = line is >= 1 && line <= lines.Length ? $" in line {line} ('{Shorten(lines[line.Value - 1].Trim())}')" : "";
        return new($"The script failed{where}: {message.TrimEnd('.')}.", failure);
    }

    private static string Shorten(string line) => line.Length <= 80 ? line : line[..77] + "...";

    private static IEnumerable<Node> Descendants(Node node)
    {
        var open = new Stack<Node>([node]);
        while (open.TryPop(out var next))
        {
            yield return next;
            foreach (var child in next.ChildNodes.ToArray().Reverse())
                if (child is not null)
                    open.Push(child);
        }
    }

    private static ExpressionReference? ReferenceOf(Node node) => node switch
    {
        MemberExpression { Object: Identifier { Name: "variables" }, Computed: false, Property: Identifier property } => new(Model.Expression.Variable, property.Name),
        MemberExpression { Object: Identifier { Name: "variables" }, Computed: true, Property: StringLiteral property } => new(Model.Expression.Variable, property.Value),
        CallExpression { Callee: Identifier { Name: "getVariable" or "setVariable" }, Arguments: [StringLiteral name, ..] } => new(Model.Expression.Variable, name.Value),
        CallExpression { Callee: Identifier { Name: "getOutputFrom" }, Arguments: [StringLiteral name, ..] } => new(ExpressionReference.Activity, name.Value),
        CallExpression { Callee: Identifier { Name: "getInput" }, Arguments: [StringLiteral name, ..] } => new(Model.Expression.Input, name.Value),
        _ => null,
    };
}
