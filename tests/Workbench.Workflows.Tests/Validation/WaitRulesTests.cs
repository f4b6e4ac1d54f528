using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

public sealed class WaitRulesTests
{
    [Theory]
    [InlineData("0 2 * *", "Input 'cronExpression': '0 2 * *' is no cron expression: it has 4 fields.")]
    [InlineData("0 0 13 * 8", "is no cron expression")]
    public void Validate_BadCron_IsNamed(string cron, string message) =>
        Single(new FlowBuilder().Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", cron))), FindingSeverity.Error, "cron", "nightly", message);

    [Fact]
    public void Validate_CronWithDayAndWeekday_IsFine() =>
        Assert.Empty(Find(new FlowBuilder().Activity("wait", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 0 13 * 5")))));

    [Fact]
    public void Validate_UnknownTimeZone_IsNamed() =>
        Single(new FlowBuilder().Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 2 * * *")), ("customProperties", new JsonObject { ["timeZone"] = "Mars/Olympus" })),
            FindingSeverity.Error, "cron", "nightly", "customProperties.timeZone is 'Mars/Olympus'");

    [Theory]
    [InlineData("Elsa.Timer", "interval", "00:00:00")]
    [InlineData("Elsa.Delay", "timeSpan", "-00:10:00")]
    public void Validate_TimeThatIsNone_IsNamed(string type, string input, string value) =>
        Single(new FlowBuilder().Activity("t", type, (input, FlowBuilder.Value("TimeSpan", "Literal", value))), FindingSeverity.Error, "time", "t", $"Input '{input}' is {value}; allowed are times above zero");

    [Fact]
    public void Validate_UnknownMethod_IsNamed() =>
        Single(new FlowBuilder().Activity("h", "Elsa.HttpEndpoint", ("path", FlowBuilder.Value("String", "Literal", "x")), ("supportedMethods", FlowBuilder.Value("Object", "Object", """["GET","PSOT"]"""))),
            FindingSeverity.Error, "literal", "h", "Input 'supportedMethods': 'PSOT' is not allowed. Did you mean 'POST'?");

    [Fact]
    public void Validate_Policy_IsRefused() =>
        Single(new FlowBuilder().Activity("h", "Elsa.HttpEndpoint", ("path", FlowBuilder.Value("String", "Literal", "x")), ("policy", FlowBuilder.Value("String", "Literal", "admins"))),
            FindingSeverity.Error, "policy", "h", "Policies are not supported.");

    [Fact]
    public void Validate_OutputThatIsNotDeclared_Warns()
    {
        var definition = new FlowBuilder().Activity("s", "Elsa.SetOutput", ("outputName", FlowBuilder.Value("String", "Literal", "scroe"))).Build() with { Outputs = [new() { Name = "score" }] };
        var finding = Assert.Single(WorkflowValidator.Validate(definition, TestEngine.Catalog));
        Assert.Equal((FindingSeverity.Warning, "Sets the output 'scroe', which the workflow does not declare. Did you mean 'score'? Known: score."), (finding.Severity, finding.Message));
    }

    [Theory]
    [InlineData("variables.modle > 1", "reference", "Input 'number' refers to the unknown variable 'modle'. Did you mean 'model'? Known: model.")]
    [InlineData("getInput('month')", "reference", "Input 'number' refers to the unknown workflow input 'month'. Did you mean 'months'? Known: months.")]
    [InlineData("getOutputFrom('b', 'x')", "reference", "Input 'number' refers to the unknown activity 'b'. Did you mean 'a'? Known: a.")]
    [InlineData("1 +\n* 2", "expression", "Input 'number': The script failed in line 2 ('* 2'): ")]
    public void Validate_Script_IsLookedInto(string script, string rule, string message) =>
        Single(new FlowBuilder().Variable("model", "Object").Input("months", "Int32").Activity("a", "Test.Work", ("number", FlowBuilder.Value("Int32", "JavaScript", script))),
            FindingSeverity.Error, rule, "a", message);

    [Theory]
    [InlineData("Boolean", "Input 'number' is of type Int32, but the variable 'v' is of type Boolean.")]
    [InlineData("TimeSpan", "Input 'number' is of type Int32, but the variable 'v' is of type TimeSpan.")]
    [InlineData("String", null)]
    [InlineData("Object", null)]
    [InlineData("Int64", null)]
    public void Validate_ReferenceOfOtherType_IsNamedWhenItCanNeverFit(string type, string? message)
    {
        var flow = new FlowBuilder().Variable("v", type).Activity("a", "Test.Work", ("number", FlowBuilder.Value("Int32", "Variable", "v")));
        if (message is null)
            Assert.Empty(Find(flow));
        else
            Single(flow, FindingSeverity.Error, "reference-type", "a", message);
    }

    [Fact]
    public void Validate_OutputOrAssignmentOfOtherType_IsNamed()
    {
        Single(new FlowBuilder().Variable("v", "Int32").Activity("a", "Elsa.ExecuteWorkflow", ("workflowDefinitionId", FlowBuilder.Value("String", "Literal", "x")), ("workflowInstanceId", FlowBuilder.Output("v")))
            .Activity("ask", "Test.Approve", ("escalated", FlowBuilder.Output("v"))).Edges("a -> ask"), FindingSeverity.Error, "reference-type", "ask", "Output 'escalated' is of type Boolean, but the variable 'v' is of type Int32.");
        Single(new FlowBuilder().Variable("v", "Int32").Activity("s", "Elsa.SetVariable", ("variable", new JsonObject { ["id"] = "v" }), ("value", FlowBuilder.Value("Object", "Literal", "many"))),
            FindingSeverity.Error, "literal", "s", "Variable 'v': The value \"many\" is no Int32.");
    }

    [Fact]
    public void FillIn_DroppedActivities_GetTheDefaultsOfTheirType()
    {
        var given = new FlowBuilder().Activity("j", "Elsa.FlowJoin").Activity("d", "Elsa.Delay", ("timeSpan", FlowBuilder.Value("TimeSpan", "Literal", "00:02:00")))
            .Activity("h", "Elsa.HttpEndpoint").Activity("x", "Someone.Elses", ("odd", 1)).Build();

        var filled = ActivityDefaults.FillIn(given, TestEngine.Catalog);

        Assert.Equal("""{"typeName":"String","expression":{"type":"Literal","value":"WaitAny"}}""", filled.Root.Activities[0].Properties["mode"]?.ToJsonString());
        Assert.Equal("""{"typeName":"Object","expression":{"type":"Object","value":"[\u0022GET\u0022]"}}""", filled.Root.Activities[2].Properties["supportedMethods"]?.ToJsonString());
        Assert.Same(given.Root.Activities[1], filled.Root.Activities[1]);
        Assert.Same(given.Root.Activities[3], filled.Root.Activities[3]);
        Assert.Same(filled, ActivityDefaults.FillIn(filled, TestEngine.Catalog));
    }

    private static IReadOnlyList<Finding> Find(FlowBuilder flow) => WorkflowValidator.Validate(flow.Build(), TestEngine.Catalog);

    private static void Single(FlowBuilder flow, FindingSeverity severity, string rule, string activity, string message)
    {
        var finding = Assert.Single(Find(flow));
        Assert.Equal((severity, rule, activity), (finding.Severity, finding.Rule, finding.ActivityId));
        Assert.Contains(message, finding.Message);
    }
}
