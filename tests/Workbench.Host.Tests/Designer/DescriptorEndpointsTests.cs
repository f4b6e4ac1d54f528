using System.Text.Json.Nodes;
using Workbench.Host.Activities;

namespace Workbench.Host.Tests.Designer;

public sealed class DescriptorEndpointsTests
{
    // Every descriptor list that Elsa.Api.Client 3.8 asks for; an answer other than 200 breaks its page.
    [Theory]
    [InlineData("/package/version")]
    [InlineData("/features/installed")]
    [InlineData("/descriptors/activities?Refresh=True")]
    [InlineData("/descriptors/expression-descriptors")]
    [InlineData("/descriptors/variables")]
    [InlineData("/descriptors/storage-drivers")]
    [InlineData("/descriptors/incident-strategies")]
    [InlineData("/descriptors/workflow-activation-strategies")]
    [InlineData("/descriptors/log-persistence-strategies")]
    [InlineData("/descriptors/commit-strategies/workflows")]
    [InlineData("/descriptors/commit-strategies/activities")]
    [InlineData("/descriptors/output-converters")]
    public async Task Get_EveryDescriptor_IsAnswered(string path)
    {
        await using var host = await DesignerHost.StartAsync();
        Assert.IsType<JsonObject>(await host.GetAsync(path));
    }

    [Fact]
    public async Task Activities_ComeFromTheirOptions()
    {
        await using var host = await DesignerHost.StartAsync();
        var all = (await host.GetAsync("/descriptors/activities"))["items"]!.AsArray();
        var evaluate = all.Single(one => (string?)one!["typeName"] == "Workbench.Evaluate")!;
        Assert.Equal("Models", (string?)evaluate["category"]);
        Assert.Equal(["Reached", "Missed"], evaluate["ports"]!.AsArray().Select(port => (string?)port!["name"]));
        JsonNode Input(string name) => evaluate["inputs"]!.AsArray().Single(input => (string?)input!["name"] == name)!;
        Assert.Equal(("String", "dropdown", "Accuracy"), ((string?)Input("Metric")["typeName"], (string?)Input("Metric")["uiHint"], (string?)Input("Metric")["defaultValue"]));
        Assert.Equal(Enum.GetNames<EvaluationMetric>(), Input("Metric")["uiSpecifications"]!["dropdown"]!["selectList"]!["items"]!.AsArray().Select(item => (string?)item!["value"]));
        Assert.Equal(("Boolean", "checkbox"), ((string?)Input("BeyondChance")["typeName"], (string?)Input("BeyondChance")["uiHint"]));
        Assert.Equal(("Double", 0.5), ((string?)Input("Threshold")["typeName"], (double)Input("Threshold")["defaultValue"]!));
        Assert.EndsWith("From 0 to 1.", (string?)Input("Threshold")["description"]);
        // The client looks these up and does not offer them.
        Assert.All(all.Where(one => (bool)one!["isContainer"]!), one => Assert.False((bool)one!["isBrowsable"]!));
    }

    [Theory]
    [InlineData("TrainModel", "Done", "Family:String:dropdown,Features:Object:multitext,Where:String:code-editor,Holdout:Double:singleline,Epochs:Int32:singleline")]
    [InlineData("TuneHyperparameters", "Done", "Space:Object:json-editor,Trials:Int32:singleline,Sampler:String:dropdown,Pruner:String:dropdown,Timeout:TimeSpan:singleline")]
    [InlineData("FineTune", "Done,Forgot", "Method:String:dropdown,Targets:Object:multitext,MaxForgetting:Double:singleline,Recompute:Boolean:checkbox")]
    [InlineData("Notify", "Done", "Channels:Object:multitext,Text:String:multiline,Severity:String:dropdown")]
    [InlineData("WaitForData", "Found,TimedOut", "Path:String:singleline,MinimumRows:Int32:singleline,StableFor:TimeSpan:singleline,Deadline:TimeSpan:singleline")]
    public async Task Activities_HaveTypedEditors(string name, string ports, string editors)
    {
        await using var host = await DesignerHost.StartAsync();
        var activity = (await host.GetAsync("/descriptors/activities"))["items"]!.AsArray().Single(one => (string?)one!["typeName"] == $"Workbench.{name}")!;
        Assert.Equal(ports, string.Join(',', activity["ports"]!.AsArray().Select(port => (string?)port!["name"])));
        var inputs = activity["inputs"]!.AsArray().Select(input => $"{input!["name"]}:{input["typeName"]}:{input["uiHint"]}").ToList();
        Assert.All(editors.Split(','), editor => Assert.Contains(editor, inputs));
    }

    [Fact]
    public void Catalog_EveryStepActivity_IsDescribedInWords()
    {
        var ours = StepActivities.Catalog.Descriptors.Where(one => one.TypeName.StartsWith("Workbench.", StringComparison.Ordinal)).ToList();
        Assert.True(ours.Count >= 9);
        Assert.All(ours, one => Assert.False(string.IsNullOrWhiteSpace(one.Description), one.TypeName));
        Assert.All(ours.SelectMany(one => one.Inputs), input => Assert.False(string.IsNullOrWhiteSpace(input.Description), input.Name));
    }
}
