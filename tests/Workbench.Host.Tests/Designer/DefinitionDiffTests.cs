using System.Text.Json.Nodes;
using Workbench.Host.Designer;
using Workbench.Workflows.Model;

namespace Workbench.Host.Tests.Designer;

public sealed class DefinitionDiffTests
{
    [Fact]
    public void Compare_EveryKindOfChange_IsNamedOnce()
    {
        var before = Definition(
            [Activity("train", 0, "epochs", 5), Activity("old", 100, "epochs", 1)], [("train", "Done", "old")], variable: "x");
        var after = Definition(
            [Activity("train", 50, "epochs", 12), Activity("new", 100, "epochs", 1)], [("train", "Failed", "new")], variable: "y");
        var diff = DefinitionDiff.Compare(before, after);
        Assert.Equal(
        [
            "- variable 'x'", "+ variable 'y'", "- activity 'old'", "+ activity 'new'", "~ activity 'train' epochs: 5 -> 12",
            "- connection 'train:Done->old'", "+ connection 'train:Failed->new'",
        ], diff.Changes.Select(change => change.ToString()));
        Assert.Equal(1, diff.MovedActivities);
    }

    [Fact]
    public void Compare_SavedByTheDesigner_IsNoChange()
    {
        var before = Definition([Activity("train", 0, "epochs", 5)], [], "x");
        // The designer writes options that nobody set, and node ids.
        var json = JsonNode.Parse(before.ToJson())!.AsObject();
        json["options"] = JsonNode.Parse("""{"autoUpdateConsumingWorkflows":false,"usableAsActivity":null}""");
        json["root"]!["activities"]![0]!["nodeId"] = "Workflow1:Flowchart1:train";
        Assert.Empty(DefinitionDiff.Compare(before, WorkflowDefinition.Parse(json)).Changes);
    }

    [Fact]
    public void Compare_ExpressionInsteadOfLiteral_SaysItsKind()
    {
        var after = Activity("train", 0, "epochs", 5);
        after["epochs"]!["expression"] = JsonNode.Parse("""{"type":"Input","value":"epochs"}""");
        var change = Assert.Single(DefinitionDiff.Compare(Definition([Activity("train", 0, "epochs", 5)], [], "x"), Definition([after], [], "x")).Changes);
        Assert.Equal("""~ activity 'train' epochs: 5 -> {"Input":"epochs"}""", change.ToString());
    }

    private static JsonObject Activity(string id, int x, string input, int value) => new()
    {
        ["id"] = id, ["type"] = "Test.Train", ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = x, ["y"] = 0 } } },
        [input] = new JsonObject { ["typeName"] = "Int32", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value } },
    };

    private static WorkflowDefinition Definition(JsonObject[] activities, (string From, string Outcome, string To)[] edges, string variable) => WorkflowDefinition.Parse(new JsonObject
    {
        ["definitionId"] = "flow", ["name"] = "flow", ["variables"] = new JsonArray(new JsonObject { ["id"] = variable, ["name"] = variable }),
        ["root"] = new JsonObject
        {
            ["activities"] = new JsonArray([.. activities]),
            ["connections"] = new JsonArray([.. edges.Select(edge => (JsonNode)new JsonObject
            {
                ["source"] = new JsonObject { ["activity"] = edge.From, ["port"] = edge.Outcome }, ["target"] = new JsonObject { ["activity"] = edge.To, ["port"] = "In" },
            })]),
        },
    });
}
