using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Validation;

public sealed class WorkflowValidatorTests
{
    private static readonly JsonObject Literal = FlowBuilder.Value("String", "Literal", "churn");

    [Fact]
    public void Validate_SoundWorkflow_FindsNothing()
    {
        var flow = new FlowBuilder().Input("months", "Int32", 12).Variable("model", "Object").Variable("good", "Boolean", false)
            .Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 2 * * *")))
            .Activity("train", "Test.Work", ("number", FlowBuilder.Value("Int32", "Input", "months")), ("model", FlowBuilder.Output("model")))
            .Activity("gate", "Test.Gate", ("model", FlowBuilder.Value("String", "Variable", "model"))).Steps("promote", "report").Decision("if", "good")
            .Edges("nightly -> train -> gate, gate:Passed -> promote, gate:Refused -> if, if:True -> train, if:False -> report");
        Assert.Empty(Find(flow));
    }

    [Fact]
    public void Validate_UnknownType_SuggestsTheNearest() =>
        Single(new FlowBuilder().Activity("a", "Test.Wrok"), "type", "a", "Unknown activity type 'Test.Wrok'. Did you mean 'Test.Work'? Known: Elsa.Complete,");

    [Fact]
    public void Validate_UnreachableActivity_IsNamed() =>
        Single(new FlowBuilder().Steps("a", "b", "island").Edges("a -> b"), "unreachable", "island", "'island' can never run");

    [Fact]
    public void Validate_MissingRequiredInput_IsNamed() =>
        Single(new FlowBuilder().Activity("gate", "Test.Gate"), "required", "gate", "The input 'model' is missing. Give it a String.");

    [Theory]
    [InlineData("twelve", "The value \"twelve\" is no Int32. Write a whole number such as 12.")]
    [InlineData("12.5", "The value \"12.5\" is no Int32.")]
    [InlineData("99999999999", "is no Int32.")]
    public void Validate_WrongLiteral_SaysWhatIsAllowed(string value, string message) =>
        Single(new FlowBuilder().Activity("a", "Test.Work", ("number", FlowBuilder.Value("Int32", "Literal", value))), "literal", "a", message);

    [Fact]
    public void Validate_LiteralOutsideTheChoices_SuggestsTheNearest() =>
        Single(new FlowBuilder().Join("j", "waitany"), "literal", "j", "'waitany' is not allowed. Did you mean 'WaitAny'? Known: WaitAll, WaitAllActive, WaitAny.");

    [Fact]
    public void Validate_ConnectionToUnknownActivity_SuggestsTheNearest() =>
        Single(new FlowBuilder().Steps("train", "report").Edges("train -> report -> trian"), "connection", null,
            "A connection report:Done->trian names the unknown activity 'trian'. Did you mean 'train'? Known: train, report.");

    [Fact]
    public void Validate_OutcomeOfOtherCase_SuggestsTheRightOne() =>
        Single(new FlowBuilder().Activity("gate", "Test.Gate", ("model", Literal.DeepClone())).Steps("b").Edges("gate:passed -> b"), "port", "gate",
            "A connection leaves by the unknown outcome 'passed'. Did you mean 'Passed'? Known: Passed, Refused.");

    [Fact]
    public void Validate_UnknownTargetPort_IsNamed()
    {
        var json = JsonNode.Parse(new FlowBuilder().Steps("a", "b").Edges("a -> b").Build().ToJson())!.AsObject();
        json["root"]!["connections"]![0]!["target"]!["port"] = "Left";
        Single(WorkflowDefinition.Parse(json), "port", "b", "unknown port 'Left'. Known: In.");
    }

    [Fact]
    public void Validate_DuplicateIds_AreNamed()
    {
        Single(new FlowBuilder().Steps("a", "a"), "id", "a", "The id 'a' is used by 2 activities.");
        Single(new FlowBuilder().Steps("a").Variable("v", "String").Variable("v", "String"), "id", null, "The id 'v' is used by 2 variables.");
    }

    [Fact]
    public void Validate_CycleWithoutExit_IsNamed() =>
        Single(new FlowBuilder().Steps("a", "b", "c").Edges("a -> b -> c -> b"), "cycle", "b", "The cycle b, c has no exit");

    [Fact]
    public void Validate_CycleWithUnwiredOutcome_HasAnExit() =>
        Assert.Empty(Find(new FlowBuilder().Variable("v", "Boolean").Steps("a", "b").Decision("if", "v").Edges("a -> b -> if, if:True -> b")));

    [Fact]
    public void Validate_NoStart_IsNamed()
    {
        Single(new FlowBuilder(), "start", null, "The workflow has no activities");
        var circle = new FlowBuilder().Variable("v", "Boolean").Steps("a").Decision("if", "v").Edges("a -> if, if:True -> a");
        Single(circle, "start", null, "No activity is a start: each has an incoming connection.");
    }

    [Theory]
    [InlineData("Variable", "modle", "Input 'number' refers to the unknown variable 'modle'. Did you mean 'model'? Known: model.")]
    [InlineData("Input", "month", "Input 'number' refers to the unknown workflow input 'month'. Did you mean 'months'? Known: months.")]
    [InlineData("Liquid", "{{ x }}", "Expressions of type 'Liquid' are not supported. Allowed: Literal, Object, Variable, Input, JavaScript.")]
    public void Validate_ExpressionThatCannotBeEvaluated_IsNamed(string type, string value, string message) =>
        Single(new FlowBuilder().Variable("model", "Object").Input("months", "Int32")
            .Activity("a", "Test.Work", ("number", FlowBuilder.Value("Int32", type, value))), null, "a", message);

    [Theory]
    [InlineData("""{"x":[{"$variable":"gone"}]}""", "refers to the unknown variable 'gone'")]
    [InlineData("""{"x":""", "which is no JSON")]
    public void Validate_ObjectExpression_IsLookedInto(string value, string message) =>
        Assert.Contains(Find(new FlowBuilder().Activity("g", "Test.Gate", ("model", FlowBuilder.Value("Object", "Object", value)))),
            finding => finding.Message.Contains(message));

    [Fact]
    public void Validate_OutputBoundToUnknownVariableOrUnknownOutput_IsNamed()
    {
        Single(new FlowBuilder().Activity("a", "Test.Work", ("model", FlowBuilder.Output("gone"))), "reference", "a", "Output 'model' is bound to the unknown variable 'gone'.");
        Single(new FlowBuilder().Variable("v", "Object").Activity("g", "Test.Gate", ("model", Literal.DeepClone()), ("verdict", FlowBuilder.Output("v"))),
            "output", "g", "'Test.Gate' has no output 'verdict'. Known: none.");
    }

    [Fact]
    public void Validate_SetVariableOfUnknownVariable_IsNamed() =>
        Single(new FlowBuilder().Activity("s", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "gone" })), "reference", "s", "Sets the unknown variable 'gone'.");

    [Fact]
    public void Validate_TriggerInsideTheWorkflow_Waits() =>
        Assert.Empty(Find(new FlowBuilder().Steps("a").Activity("wait", "Elsa.Event", ("eventName", Literal.DeepClone())).Edges("a -> wait")));

    [Fact]
    public void Validate_ForkWithoutBranchesAndSwitchWithoutCases_AreNamed()
    {
        Single(new FlowBuilder().Activity("f", "Elsa.FlowFork", ("branches", FlowBuilder.Value("Object", "Object", "[]"))), "branches", "f", "The fork names no branches.");
        Single(new FlowBuilder().Activity("s", "Elsa.FlowSwitch"), "branches", "s", "The switch has no cases.");
        Single(new FlowBuilder().Steps("b").Activity("f", "Elsa.FlowFork", ("branches", FlowBuilder.Value("Object", "Object", "[\"left\"]"))).Edges("f:lfet -> b"),
            "port", "f", "unknown outcome 'lfet'. Did you mean 'left'?");
    }

    [Theory]
    [InlineData("maxAttempts", "0", "customProperties.maxAttempts is 0; allowed are whole numbers from 1 to 100.")]
    [InlineData("timeout", "\"soon\"", "customProperties.timeout is \"soon\"; allowed are times above zero such as \"00:10:00\".")]
    public void Validate_WrongSettings_AreNamed(string name, string value, string message) =>
        Single(new FlowBuilder().Activity("a", "Test.Work", ("customProperties", new JsonObject { [name] = JsonNode.Parse(value) })), "settings", "a", message);

    [Fact]
    public void Validate_WrongDefaults_AreNamed()
    {
        Single(new FlowBuilder().Steps("a").Input("months", "Int32", "many"), "literal", null, "Default of workflow input 'months': The value \"many\" is no Int32.");
        Single(new FlowBuilder().Steps("a").Variable("on", "Boolean", "perhaps"), "literal", null, "Value of variable 'on': The value \"perhaps\" is no Boolean.");
    }

    [Fact]
    public void Validate_OtherRoot_IsRefused()
    {
        var definition = new FlowBuilder().Steps("a").Build();
        Single(definition with { Root = definition.Root with { Type = "Elsa.Sequence" } }, "root", null, "The root is 'Elsa.Sequence'. Allowed: Elsa.Flowchart.");
    }

    [Fact]
    public void Validate_WaitAllBehindDecision_WarnsOnlyWhenABranchCanBeMissing()
    {
        var risky = new FlowBuilder().Variable("v", "Boolean").Steps("a", "b", "x").Decision("if", "v").Join("j", "WaitAll")
            .Edges("a -> b -> j, a -> if, if:True -> x -> j");
        var safe = new FlowBuilder().Variable("v", "Boolean").Steps("a", "b", "x").Decision("if", "v").Join("j", "WaitAll")
            .Edges("if:True -> a, a -> b -> j, a -> x -> j");
        var finding = Assert.Single(Find(risky));
        Assert.Equal((FindingSeverity.Warning, "join", "j"), (finding.Severity, finding.Rule, finding.ActivityId));
        Assert.Empty(Find(safe));
    }

    [Fact]
    public void Validate_InputOfOtherName_Warns()
    {
        var finding = Assert.Single(Find(new FlowBuilder().Activity("a", "Test.Work", ("nubmer", FlowBuilder.Value("Int32", "Literal", 1)))));
        Assert.Equal((FindingSeverity.Warning, "'Test.Work' has no input 'nubmer'. Did you mean 'number'? Known: number."), (finding.Severity, finding.Message));
    }

    [Fact]
    public void Validate_ManyErrors_ReturnsThemAllErrorsFirst()
    {
        var findings = Find(new FlowBuilder().Activity("a", "Test.Wrok").Activity("g", "Test.Gate")
            .Activity("w", "Test.Work", ("nubmer", FlowBuilder.Value("Int32", "Literal", 1)), ("number", FlowBuilder.Value("Int32", "Literal", "x")))
            .Edges("a -> g, g:Pased -> w"));
        Assert.Equal(["type", "port", "required", "literal", "input"], findings.Select(finding => finding.Rule));
    }

    [Fact]
    public void Catalog_TypeRegisteredTwice_IsRefused() =>
        Assert.Contains("registered twice", Assert.Throws<ArgumentException>(() => new ActivityCatalog(new ActivityDescriptor("Elsa.End"))).Message);

    private static IReadOnlyList<Finding> Find(FlowBuilder flow) => WorkflowValidator.Validate(flow.Build(), TestEngine.Catalog);

    private static void Single(FlowBuilder flow, string? rule, string? activityId, string message) => Single(flow.Build(), rule, activityId, message);

    private static void Single(WorkflowDefinition definition, string? rule, string? activityId, string message)
    {
        var finding = Assert.Single(WorkflowValidator.Validate(definition, TestEngine.Catalog));
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Equal(activityId, finding.ActivityId);
        Assert.Contains(message, finding.Message);
        if (rule is not null)
            Assert.Equal(rule, finding.Rule);
    }
}
