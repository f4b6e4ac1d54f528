using Workbench.Host.Activities;
using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Architecture.Tests;

public sealed class WorkflowFileTests
{
    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "workflows"), "*.json").Select(path => Path.GetFileName(path)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Validate_EveryCommittedWorkflow_HasNoFinding(string file) =>
        Assert.Empty(Findings(File.ReadAllText(Path.Combine(Repository.Root, "workflows", file))));

    [Fact]
    public void Validate_PlantedUnknownStep_IsFoundWithTheNearestName()
    {
        var planted = File.ReadAllText(Path.Combine(Repository.Root, "workflows", "churn-retrain.json")).Replace("Workbench.PromoteModel", "Workbench.PromotModel");
        Assert.Contains(Findings(planted), finding => finding.Severity == FindingSeverity.Error && finding.Message.Contains("Workbench.PromoteModel"));
    }

    private static IReadOnlyList<Finding> Findings(string json) => WorkflowValidator.Validate(WorkflowDefinition.Parse(json), StepActivities.Catalog);
}
