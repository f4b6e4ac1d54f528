using System.Text.Json.Nodes;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Native.Object;
using Jint.Runtime;
using Jint.Runtime.Interop;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>The functions that a script may call, named as in Elsa 3; values cross as JSON.</summary>
internal sealed class ScriptFunctions(Engine engine, ExpressionScope scope)
{
    private readonly JsonObject _before = Snapshot(scope);
    private ObjectInstance _variables = null!; // Set by Install, which comes first.

    public void Install()
    {
        _variables = (ObjectInstance)ToValue(_before);
        engine.SetValue("variables", _variables);
        Add("getVariable", arguments => ReadVariable(Text(arguments, 0, "the name of a variable")));
        Add("setVariable", arguments => WriteVariable(Text(arguments, 0, "the name of a variable"), arguments.ElementAtOrDefault(1) ?? JsValue.Undefined));
        Add("getInput", arguments => Try(() => scope.Read(new(Expression.Input, Text(arguments, 0, "the name of an input")))));
        Add("getOutputFrom", arguments => Try(() => scope.ReadOutput(Text(arguments, 0, "the name of an activity"), OptionalText(arguments, 1))));
        Add("getTrigger", _ => ToValue(scope.Trigger));
        Add("getLastResult", _ => ToValue(scope.LastResult));
        Add("getWorkflowDefinitionId", _ => scope.Definition.DefinitionId);
        Add("getWorkflowDefinitionVersionId", _ => scope.Definition.Id);
        Add("getWorkflowDefinitionVersion", _ => scope.Definition.Version);
        Add("getWorkflowInstanceId", _ => scope.RunId);
        Add("getCorrelationId", _ => scope.CorrelationId);
        Add("setCorrelationId", arguments => Set(() => scope.CorrelationId = OptionalText(arguments, 0)));
        Add("getWorkflowInstanceName", _ => scope.RunName);
        Add("setWorkflowInstanceName", arguments => Set(() => scope.RunName = OptionalText(arguments, 0)));
        Add("isNullOrEmpty", arguments => string.IsNullOrEmpty(OptionalText(arguments, 0)));
        Add("isNullOrWhiteSpace", arguments => string.IsNullOrWhiteSpace(OptionalText(arguments, 0)));
        Add("toJson", arguments => WorkflowJson.Write(ScriptEvaluator.ToJson(engine, arguments.ElementAtOrDefault(0) ?? JsValue.Null)));
        AddAccessors();
    }

    /// <summary>Sets the variables that the script changed, in whatever way.</summary>
    /// <exception cref="WorkflowException">Unknown variable, or a value that is not of its type.</exception>
    public void WriteBack()
    {
        var after = ScriptEvaluator.ToJson(engine, _variables) as JsonObject ?? [];
        foreach (var (name, value) in after)
            if (!_before.ContainsKey(name) || !JsonNode.DeepEquals(_before[name], value))
                scope.SetVariable(name, value?.DeepClone());
    }

    private static JsonObject Snapshot(ExpressionScope scope)
    {
        var values = new JsonObject();
        foreach (var variable in scope.Definition.AllVariables)
            values[variable.Name] = scope.Variables[variable.Id]?.DeepClone();
        return values;
    }

    /// <summary>Elsa's getX and setX for a variable x, and getY for an input Y.</summary>
    private void AddAccessors()
    {
        foreach (var variable in scope.Definition.AllVariables.Where(variable => variable.Name.Length > 0))
        {
            var name = $"{char.ToUpperInvariant(variable.Name[0])}{variable.Name[1..]}";
            Add($"get{name}", _ => ReadVariable(variable.Name));
            Add($"set{name}", arguments => WriteVariable(variable.Name, arguments.ElementAtOrDefault(0) ?? JsValue.Undefined));
        }
        foreach (var input in scope.Definition.Inputs)
            if (!engine.Global.HasProperty($"get{input.Name}"))
                Add($"get{input.Name}", _ => ToValue(scope.Inputs[input.Name]));
    }

    private void Add(string name, Func<JsValue[], JsValue?> function) =>
        engine.SetValue(name, new ClrFunction(engine, name, (_, arguments) => function(arguments) ?? JsValue.Null));

    private JsValue ReadVariable(string name) => _variables.HasOwnProperty(name) ? _variables.Get(name)
        : Try(() => scope.Read(new(Expression.Variable, name)));

    private JsValue WriteVariable(string name, JsValue value)
    {
        if (!_variables.HasOwnProperty(name))
            Try(() => scope.Read(new(Expression.Variable, name))); // Says which are known; an id is none here.
        _variables.Set(name, value);
        return JsValue.Undefined;
    }

    private static JsValue Set(Action effect)
    {
        effect();
        return JsValue.Undefined;
    }

    /// <summary>An error of the workflow becomes one of the script, which knows its line.</summary>
    private JsValue Try(Func<JsonNode?> read)
    {
        try
        {
            return ToValue(read());
        }
        catch (WorkflowException failure)
        {
            throw new JavaScriptException(engine.Intrinsics.Error, failure.Message);
        }
    }

    private string Text(JsValue[] arguments, int index, string what) => OptionalText(arguments, index)
        ?? throw new JavaScriptException(engine.Intrinsics.TypeError, $"Argument {index + 1} is missing: give {what}");

    private static string? OptionalText(JsValue[] arguments, int index) =>
        arguments.ElementAtOrDefault(index) is { } value && !value.IsNull() && !value.IsUndefined() ? TypeConverter.ToString(value) : null;

    private JsValue ToValue(JsonNode? node) => node is null ? JsValue.Null : new JsonParser(engine).Parse(WorkflowJson.Write(node));
}
