using System.Text.Json.Nodes;
using Workbench.Host.Triggers;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Tests.Triggers;

public sealed class TriggerEntryRulesTests
{
    [Theory]
    [InlineData("""{"type":"drift","model":"churn"}""")]
    [InlineData("""{"type":"drift","model":"churn","column":"age","above":0.3,"overlap":"skip"}""")]
    [InlineData("""{"type":"metric","rule":"churn-accuracy"}""")] // As written before there was the type alert.
    [InlineData("""{"type":"alert","rule":"churn-accuracy","dedupe":"none"}""")]
    [InlineData("""{"type":"metric","model":"churn","below":0.9,"metric":"f1","window":"14.00:00:00","minimumRows":50}""")]
    [InlineData("""{"type":"newData","path":"data/dt=*/","stable":"00:05:00","existing":"fire","payloadInput":"data"}""")]
    [InlineData("""{"type":"webhook","id":"labels","secretEnv":"LABELS_SECRET","tolerance":"00:01:00"}""")]
    [InlineData("""{"type":"workflow","workflow":"train","status":"any"}""")]
    public void Check_RightEntry_FindsNothing(string entry) => Assert.Empty(Check(entry));

    [Theory]
    [InlineData("""{"type":"newdata","path":"x"}""", "Error", "type is 'newdata'. Did you mean 'newData'? Known: newData, drift, metric, alert, webhook, workflow.")]
    [InlineData("""{"type":"newData"}""", "Error", "path is missing.")]
    [InlineData("""{"type":"newData","path":"x","stable":"soon"}""", "Error", "stable is \"soon\"; allowed are times from 00:00:00 to 1.00:00:00")]
    [InlineData("""{"type":"newData","path":"x","stabel":"00:01:00"}""", "Warning", "has 'stabel', which means nothing to it. Did you mean 'stable'?")]
    [InlineData("""{"type":"drift"}""", "Error", "model is missing.")]
    [InlineData("""{"type":"drift","model":"churn","share":1.5}""", "Error", "share is 1.5; allowed are numbers from")]
    [InlineData("""{"type":"drift","model":"churn","share":0.5,"column":"age"}""", "Error", "Give share or column, not both")]
    [InlineData("""{"type":"drift","model":"churn","above":0.5}""", "Error", "above belongs to a column.")]
    [InlineData("""{"type":"metric","model":"churn"}""", "Error", "below is missing.")]
    [InlineData("""{"type":"metric","model":"churn","below":0.9,"metric":"acuracy"}""", "Error", "metric is 'acuracy'. Did you mean 'accuracy'?")]
    [InlineData("""{"type":"alert"}""", "Error", "rule is missing.")]
    [InlineData("""{"type":"webhook"}""", "Error", "Give one of secretEnv")]
    [InlineData("""{"type":"webhook","secretEnv":"A","secretFile":"b"}""", "Error", "Give one of secretEnv")]
    [InlineData("""{"type":"webhook","secretEnv":"A","secret":"whsec_x"}""", "Error", "secret stands in the definition, where everyone can read it.")]
    public void Check_WrongEntry_IsNamed(string entry, string severity, string message)
    {
        var finding = Assert.Single(Check(entry));
        Assert.Equal(severity, finding.Severity.ToString());
        Assert.Contains(message, finding.Message);
    }

    private static IReadOnlyList<Finding> Check(string entry) => [.. TriggerEntryRules.Check(WorkflowDefinition.Parse(new JsonObject
    {
        ["definitionId"] = "flow", ["name"] = "flow", ["customProperties"] = new JsonObject { ["triggers"] = new JsonArray(JsonNode.Parse(entry)) },
        ["root"] = new JsonObject { ["id"] = "Flowchart1", ["type"] = "Elsa.Flowchart", ["activities"] = new JsonArray(), ["connections"] = new JsonArray() },
    }))];
}
