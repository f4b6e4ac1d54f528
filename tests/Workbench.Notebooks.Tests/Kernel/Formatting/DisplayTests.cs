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
    public async Task Training_EventsOfALoop_BecomeABarAndTwoLines()
    {
        var run = await kernel.RunAsync("""
            IProgress<TrainingEvent> shown = Display.Training("Learning");
            shown.Report(new TrainingEvent.Progress { Step = 10, Epoch = 1, Loss = 2, LearningRate = 0.1, GradientNorm = null, RowsPerSecond = 5, TotalSteps = 20 });
            shown.Report(new TrainingEvent.Validated { Step = 10, Epoch = 1, Result = new(1.5), TrainingLoss = 3, IsBest = true, BestStep = 10 });
            shown.Report(new TrainingEvent.Progress { Step = 20, Epoch = 2, Loss = 1, LearningRate = 0.1, GradientNorm = null, RowsPerSecond = 5, TotalSteps = 20 });
            """);
        var updates = run.Messages.Where(message => message.Type == "update_display_data").Select(message => message.Content["data"]!).ToList();
        var lines = updates.Last(data => data["application/vnd.plotly.v1+json"] is not null)["application/vnd.plotly.v1+json"]!["data"]!;
        // The mean since the last validation, 3, is no point of the line.
        Assert.Equal(("[2,2,1]", "[null,1.5,null]"), (lines[0]!["y"]!.ToJsonString(), lines[1]!["y"]!.ToJsonString()));
        string bar = (string)updates.Last(data => data["application/vnd.plotly.v1+json"] is null)["text/plain"]!;
        Assert.StartsWith("Learning: 100 % (20 of 20) in", bar, StringComparison.Ordinal);
        Assert.Contains("epoch 2, loss 1, validation 1.5 (best at step 10)", bar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Display_WithAForm_ShowsOnlyThat() =>
        Assert.Equal("**b**", (await kernel.RunAsync("display(\"**b**\", \"text/markdown\");")).Data("display_data", "text/markdown"));
}
