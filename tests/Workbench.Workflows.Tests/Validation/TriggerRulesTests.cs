using System.Text.Json.Nodes;

namespace Workbench.Workflows.Validation;

public sealed class TriggerRulesTests
{
    [Fact]
    public void Validate_WrongPolicies_AreAllNamed()
    {
        var findings = Find(new FlowBuilder().Activity("nightly", "Elsa.Cron", ("cronExpression", FlowBuilder.Value("String", "Literal", "0 2 * * *")),
            ("customProperties", new JsonObject { ["misfire"] = "twice", ["misfireLimit"] = 0, ["overlap"] = 1, ["dedupe"] = true, ["inputs"] = "x", ["payloadInput"] = 3 })));
        Assert.All(findings, finding => Assert.Equal(("trigger", "nightly", FindingSeverity.Error), (finding.Rule, finding.ActivityId, finding.Severity)));
        Assert.Equal(
            [
                "customProperties.misfire is \"twice\"; allowed are \"once\", \"all\" and \"none\".",
                "customProperties.misfireLimit is 0; allowed are whole numbers from 1 to 10000.",
                "customProperties.overlap is 1; allowed are \"queue\", \"skip\" and \"replace\".",
                "customProperties.dedupe is true; allowed are \"minute\" and \"none\".",
                "customProperties.payloadInput is 3; allowed is the name of a workflow input.",
                "customProperties.inputs is \"x\"; allowed is an object of the workflow's inputs by name.",
            ], findings.Select(finding => finding.Message));
    }

    [Theory]
    [InlineData("""{"type":"x","inputs":{"weks":1}}""", "Trigger 'x': inputs has 'weks', which is no input of the workflow. Did you mean 'weeks'? Known: weeks.")]
    [InlineData("""{"type":"x","inputs":{"weeks":"many"}}""", "Trigger 'x': inputs has 'weeks': The value \"many\" is no Int32. Write a whole number such as 12.")]
    [InlineData("""{"type":"x","id":"mine","payloadInput":"data"}""", "Trigger 'mine': payloadInput is 'data', which is no input of the workflow. Known: weeks.")]
    [InlineData("""{"type":"workflow"}""", "Trigger 'workflow': workflow is missing. Name the workflow whose end starts runs.")]
    [InlineData("""{"type":"workflow","workflow":"flow"}""", "Trigger 'workflow': workflow is 'flow' itself, which would start runs without end. Name another.")]
    [InlineData("""{"type":"workflow","workflow":"train","status":"failed"}""", "Trigger 'workflow': status is \"failed\". Did you mean 'faulted'? Known: finished, faulted, cancelled, any.")]
    [InlineData("""{"typ":"drift"}""", "customProperties.triggers has {\"typ\":\"drift\"}; each entry is an object with a type, such as {\"type\": \"workflow\", \"workflow\": \"train\"}.")]
    public void Validate_WrongEntry_IsNamed(string entry, string message) =>
        Assert.Equal(message, Assert.Single(Find(new FlowBuilder().Steps("work").Input("weeks", "Int32").Setting("triggers", new JsonArray(JsonNode.Parse(entry))))).Message);

    [Fact]
    public void Validate_SameId_IsNamed() => Assert.Equal("Two triggers have the id 'data'. Give each one of its own.",
        Assert.Single(Find(new FlowBuilder().Steps("work").Setting("triggers", JsonNode.Parse("""[{"type":"x","id":"data"},{"type":"x"},{"type":"y","id":"data"}]""")!))).Message);

    // A run would be refused each time, at night, when nobody looks.
    [Fact]
    public void Validate_RequiredInputThatATriggerLacks_IsNamed()
    {
        Assert.Empty(Find(Flow()));
        Assert.Contains("Its runs lack the input 'data'", Assert.Single(Find(Flow().Setting("triggers", JsonNode.Parse("""[{"type":"x"}]""")!))).Message);
        Assert.Empty(Find(Flow().Setting("triggers", JsonNode.Parse("""[{"type":"x","payloadInput":"data"},{"type":"y","inputs":{"data":[1]}}]""")!)));

        static FlowBuilder Flow() => new FlowBuilder().Steps("work").Input("data", "Object", isRequired: true);
    }

    private static IReadOnlyList<Finding> Find(FlowBuilder flow) => WorkflowValidator.Validate(flow.Build(), TestEngine.Catalog);
}
