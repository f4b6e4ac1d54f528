using System.Text.Json.Nodes;

namespace Workbench.Workflows.Model;

public sealed class WorkflowDefinitionTests
{
    /// <summary>The shape that Elsa Studio 3.8.2 saves, with properties and an activity that are unknown here.</summary>
    private const string StudioJson = """
        {"id":"v1","definitionId":"nightly","name":"Nightly retrain","description":"demo","version":3,"isLatest":true,"isPublished":false,
         "toolVersion":"3.8.2.0","materializerName":"Json","isReadonly":false,"isSystem":true,
         "options":{"autoUpdateConsumingWorkflows":false,"incidentStrategyType":"Elsa.Workflows.IncidentStrategies.ContinueWithIncidentsStrategy, Elsa.Workflows.Core"},
         "variables":[{"id":"v","name":"Limit","typeName":"Double","isArray":false,"value":"0.2","storageDriverTypeName":"X"}],
         "inputs":[{"type":"Int32","name":"months","displayName":"Months","uiHint":"singleline","isArray":false,"isRequired":false}],
         "outputs":[{"name":"o"}],"outcomes":["Done"],"customProperties":{"mine":[1,{"a":"<b> é"}]},
         "root":{"id":"Flowchart1","nodeId":"Workflow1:Flowchart1","type":"Elsa.Flowchart","version":1,"name":"Flowchart1","start":"drift",
          "customProperties":{"x":1},"metadata":{},"variables":[],
          "activities":[{"id":"drift","nodeId":"Workflow1:Flowchart1:drift","name":"drift","type":"Someone.Elses","version":2,
            "customProperties":{"canStartWorkflow":true,"runAsynchronously":false},"metadata":{"designer":{"position":{"x":40,"y":120.5}}},
            "table":{"typeName":"String","expression":{"type":"Literal","value":"predictions"},"memoryReference":null},
            "psi":{"typeName":"Double","memoryReference":{"id":"v"}},"odd":[null,{"deep":{}}]}],
          "connections":[{"source":{"activity":"drift","port":"Drifted"},"target":{"activity":"drift","port":"In","extra":1},"vertices":[{"x":1,"y":2}]}]}}
        """;

    [Fact]
    public void ToJson_StudioDefinition_KeepsEveryProperty()
    {
        var written = JsonNode.Parse(WorkflowDefinition.Parse(StudioJson).ToJson());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(StudioJson), written), written?.ToJsonString());
    }

    [Fact]
    public void Parse_StudioDefinition_ReadsWhatRuns()
    {
        var definition = WorkflowDefinition.Parse(StudioJson);
        var activity = Assert.Single(definition.Root.Activities);
        Assert.Equal(IncidentStrategy.ContinueWithIncidents, definition.IncidentStrategy);
        Assert.True(activity.CanStartWorkflow);
        Assert.Equal("predictions", Assert.Single(activity.Inputs).Expression.Value?.GetValue<string>());
        Assert.Equal(new ActivityOutput("psi", "Double", "v"), Assert.Single(activity.Outputs));
        Assert.Equal("drift:Drifted->drift", Assert.Single(definition.Root.Connections).Key);
    }

    [Fact]
    public void Parse_BareRootAndNulls_GivesEmptyLists()
    {
        var definition = WorkflowDefinition.Parse("""{"name":"new","variables":null,"root":{"type":"Elsa.Flowchart"}}""");
        Assert.Empty(definition.Root.Activities);
        Assert.Empty(definition.Root.Connections);
        Assert.Empty(definition.AllVariables);
    }

    [Theory]
    [InlineData("label")] // of Workbench.TrainModel
    [InlineData("inputs")]
    [InlineData("outputs")]
    [InlineData("properties")]
    [InlineData("canStartWorkflow")]
    public void Parse_InputNamedAsAMemberOfOurs_IsKept(string name)
    {
        const string input = """{"typeName":"String","expression":{"type":"Literal","value":"y"}}""";
        var definition = WorkflowDefinition.Parse("""{"name":"new","root":{"type":"Elsa.Flowchart","activities":[{"id":"a","type":"T","NAME":INPUT}]}}""".Replace("NAME", name).Replace("INPUT", input));
        Assert.Equal("y", Assert.Single(definition.Root.Activities).Input(name)?.Expression.Value?.GetValue<string>());
        Assert.Contains($"\"{name}\"", definition.ToJson());
    }

    [Theory]
    [InlineData("""{"root":{"activities":[{"id":7}]}}""", "$.root.activities[0].id")]
    [InlineData("{\"name\":\"x\",\n nonsense}", "line 2")]
    [InlineData("null", "is null")]
    public void Parse_DamagedJson_SaysWhere(string json, string where) =>
        Assert.Contains(where, Assert.Throws<WorkflowException>(() => WorkflowDefinition.Parse(json)).Message);
}
