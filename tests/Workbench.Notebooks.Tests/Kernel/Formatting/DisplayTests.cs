namespace Workbench.Notebooks.Tests.Kernel.Formatting;

[Collection("kernel")]
public sealed class DisplayTests(KernelFixture kernel)
{
    [Fact]
    public async Task Figures_OfAnObject_AreJsonNumbersTextsAndFlags()
    {
        var run = await kernel.RunAsync("Display.Figures(new { Auc = 0.91, Rows = 12, Model = \"m\", Passed = true });");
        var json = run.Messages.Single(message => message.Type == "display_data").Content["data"]!["application/vnd.workbench.figures+json"]!;

        Assert.Equal("""{"Auc":0.91,"Rows":12,"Model":"m","Passed":true}""", json.ToJsonString());
        Assert.Contains("Figure 'x' is a", (await kernel.RunAsync("Display.Figures((\"x\", new List<int>()))")).Reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_InACell_WinsOverOurs()
    {
        var run = await kernel.RunAsync("record Ride(int Id);\nMicrosoft.DotNet.Interactive.Formatting.Formatter.Register<Ride>(r => $\"<em>ride {r.Id}</em>\", \"text/html\");\nnew Ride(7)");

        Assert.Equal("<em>ride 7</em>", run.Data("execute_result", "text/html"));
    }

    [Fact]
    public async Task Progress_ManyReports_ShowsTheLastBeforeTheCellEnds()
    {
        var run = await kernel.RunAsync("foreach (var i in Display.Progress(Enumerable.Range(0, 500).ToList(), \"Counting\")) { }");

        Assert.InRange(run.Messages.Count(message => message.Type == "update_display_data"), 1, 20);
        Assert.StartsWith("Counting: 100 % (500 of 500) in", run.Data("update_display_data", "text/plain"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LiveChart_ManyPoints_EndsWithAllOfThem()
    {
        var run = await kernel.RunAsync("var loss = Display.LiveChart(\"Loss\", \"epoch\", \"loss\", \"train\");\nfor (int i = 1; i <= 50; i++) loss.Add(i, 1.0 / i);");
        var figure = run.Messages.Last(message => message.Type == "update_display_data").Content["data"]!["application/vnd.plotly.v1+json"]!;

        Assert.Equal(50, figure["data"]![0]!["x"]!.AsArray().Count);
    }

    [Fact]
    public async Task Display_WithAForm_ShowsOnlyThat() =>
        Assert.Equal("**b**", (await kernel.RunAsync("display(\"**b**\", \"text/markdown\");")).Data("display_data", "text/markdown"));
}
