using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Expressions;

/// <summary>Expected values are those of JavaScript; function names those of Elsa 3.</summary>
public sealed class ScriptEvaluatorTests
{
    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("variables.Counter * 3", "6")]
    [InlineData("getVariable('Counter') + getCounter()", "4")]
    [InlineData("getInput('months') / 5", "2.4")]
    [InlineData("getMonths()", "12", "Months")]
    [InlineData("getOutputFrom('train', 'accuracy')", "0.9")]
    [InlineData("getOutputFrom('train-id', 'Accuracy')", "0.9")]
    [InlineData("getOutputFrom('train')", "\"ok\"")]
    [InlineData("getOutputFrom('later', 'accuracy')", "null")]
    [InlineData("getLastResult()", "\"ok\"")]
    [InlineData("if (variables.Counter > 1) return 'many'; return 'few';", "\"many\"")]
    [InlineData("({ a: [1, 'x', null], b: true })", """{"a":[1,"x",null],"b":true}""")]
    [InlineData("undefined", "null")]
    [InlineData("", "null")]
    [InlineData("new Date(0)", "\"1970-01-01T00:00:00.000Z\"")]
    [InlineData("getWorkflowDefinitionId() + '/' + getWorkflowDefinitionVersion() + '/' + getWorkflowInstanceId() + '/' + getCorrelationId()", "\"flow/0/run-1/order-1\"")]
    [InlineData("isNullOrEmpty('') && isNullOrWhiteSpace(' ') && isNullOrEmpty(null) && !isNullOrEmpty('x')", "true")]
    [InlineData("toJson({ a: 1 })", "\"{\\u0022a\\u0022:1}\"")]
    public void Evaluate_Script_GivesItsValue(string script, string expected, string input = "months")
    {
        var value = ScriptEvaluator.Evaluate(script, Scope(input));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), value), WorkflowJson.Write(value));
    }

    [Fact]
    public void Evaluate_ScriptThatChangesVariables_SetsThem()
    {
        var scope = Scope();
        ScriptEvaluator.Evaluate("variables.Counter++; variables.tags.push('b'); setVariable('name', 'x'); setCorrelationId('order-2'); setWorkflowInstanceName('mine')", scope);
        Assert.Equal("""{"c":3,"tags":["a","b"],"name":"x"}""", scope.Variables.ToJsonString());
        Assert.Equal(("order-2", "mine"), (scope.CorrelationId, scope.RunName));
        Assert.Equal(8, (int?)ScriptEvaluator.Evaluate("setCounter(7); getCounter() + 1", scope));
        Assert.Equal(7, (int?)scope.Variables["c"]);
    }

    [Theory]
    [InlineData("variables.Cuonter = 1", "Unknown variable 'Cuonter'. Known: Counter, tags, name.")]
    [InlineData("setVariable('Cuonter', 1)", "The script failed in line 1 ('setVariable('Cuonter', 1)'): Unknown variable 'Cuonter'.")]
    [InlineData("variables.Counter = 'many'", "Variable 'Counter': The value \"many\" is no Int32.")]
    [InlineData("getInput('month')", "Unknown workflow input 'month'. Known: months.")]
    [InlineData("getOutputFrom('tarin', 'x')", "Unknown activity 'tarin'. Known: train, later.")]
    [InlineData("getVariable()", "Argument 1 is missing: give the name of a variable.")]
    [InlineData("let x = null;\nx.y", "The script failed in line 2 ('x.y'): ")]
    [InlineData("let x = 1;\nlet y = ;", "The script failed in line 2 ('let y = ;'): ")]
    [InlineData("throw new Error('too few rows')", "too few rows")]
    [InlineData("Promise.resolve(1)", "The value is a promise; scripts cannot wait.")]
    public void Evaluate_WrongScript_SaysWhatAndWhere(string script, string message) =>
        Assert.Contains(message, Assert.Throws<WorkflowException>(() => ScriptEvaluator.Evaluate(script, Scope())).Message);

    [Theory]
    [InlineData("while (true) { }", "statements")]
    [InlineData("function f() { return f(); } f()", "deep")]
    [InlineData("let s = []; while (true) s.push('x'.repeat(100000) + s.length)", "memory")]
    [InlineData("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')", "longer than 1 s")]
    [InlineData("new Array(1000000).fill(1)", "memory")]
    [InlineData("[].concat(...new Array(5000).fill(new Array(1000).fill(1)))", "memory")]
    public void Evaluate_ScriptBeyondItsLimits_IsStopped(string script, string limit) =>
        Assert.Contains(limit, Assert.Throws<WorkflowException>(() => ScriptEvaluator.Evaluate(script, Scope())).Message);

    [Theory]
    [InlineData('(', ')')]
    [InlineData('[', ']')]
    public void Evaluate_ScriptNestedTooDeeply_FailsAndEndsNoProcess(char open, char close) =>
        Assert.Contains("nested", Assert.Throws<WorkflowException>(() => ScriptEvaluator.Evaluate($"{new string(open, 100_000)}1{new string(close, 100_000)}", Scope())).Message);

    [Fact]
    public void Evaluate_ValueNestedTooDeeply_FailsAndEndsNoProcess() =>
        Assert.Throws<WorkflowException>(() => ScriptEvaluator.Evaluate("let a = []; for (let i = 0; i < 20000; i++) a = [a]; a", Scope()));

    [Theory]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System')")]
    [InlineData("getVariable.GetType()")]
    [InlineData("variables.GetType()")]
    [InlineData("eval('1')")]
    [InlineData("new Function('return 1')()")]
    [InlineData("getVariable.constructor('return 1')()")]
    [InlineData("require('fs')")]
    public void Evaluate_ScriptThatReachesForTheHost_Fails(string script) =>
        Assert.Throws<WorkflowException>(() => ScriptEvaluator.Evaluate(script, Scope()));

    [Fact]
    public void References_Literals_AreFound() =>
        Assert.Equal(
            [new("Variable", "a"), new("Variable", "b c"), new("Variable", "d"), new("Input", "e"), new(ExpressionReference.Activity, "f")],
            ScriptEvaluator.References("if (variables.a) { let x = () => variables['b c'] + getVariable('d'); } getInput(\"e\") + getOutputFrom('f', 'g') + variables.a + other.z"));

    private static ExpressionScope Scope(string input = "months")
    {
        var definition = new FlowBuilder().Variable("Counter", "Int32", 2).Variable("tags", "Object").Variable("name", "String").Input(input, "Int32")
            .Activity("train-id", "Test.Work").Steps("later").Build();
        var activities = definition.Root.Activities;
        definition = definition with
        {
            Variables = [definition.Variables[0] with { Id = "c" }, .. definition.Variables.Skip(1)],
            Root = definition.Root with { Activities = [activities[0] with { Name = "train" }, activities[1]] },
        };
        var scope = new ExpressionScope(definition, new() { ["c"] = 2, ["tags"] = new JsonArray("a"), ["name"] = null }, new() { [input] = 12 })
        {
            RunId = "run-1", CorrelationId = "order-1",
        };
        scope.Remember("train-id", new() { ["accuracy"] = 0.9, ["result"] = "ok" });
        return scope;
    }
}
