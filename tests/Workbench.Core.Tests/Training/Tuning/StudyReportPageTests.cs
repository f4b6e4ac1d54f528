using Workbench.Core.Tests.Registry;
using Workbench.Core.Tests.Reports;
using Workbench.Reports;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

public sealed class StudyReportPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Create_OfAStudy_DrawsItsChartsInABrowser()
    {
        Assert.SkipUnless(Browser.IsInstalled, Browser.Remedy);
        var study = await RunAsync();
        string file = Path.Combine(_folder.Path, "report.html");
        StudyReportPage.Create(study, await study.TrialsAsync(TestContext.Current.CancellationToken), "loss").Save(file);

        string page = await Browser.DumpAsync(file, TestContext.Current.CancellationToken); // fails on a console message

        foreach (var text in (string[])["Optimisation history", "Importance of parameters", "Learning curves of the trials", "the best in orange", "best so far", "-5 to 10", ">tanh<"])
            Assert.Contains(text, page);
        Assert.Equal(4, page.Split("class=\"main-svg\"").Length / 3); // plotly.js layers three drawings a chart
    }

    [Fact]
    public async Task Figures_WithoutACompletedTrial_AreNone()
    {
        var study = await Study.OpenAsync(_folder.Data, new StudyOptions { Name = "empty", Space = Objectives.BraninSpace }, TestContext.Current.CancellationToken);
        Assert.Null(StudyFigures.History(study, []));
        Assert.Null(StudyFigures.Parallel(study, []));
        Assert.Null(StudyFigures.Importance(study, []));
        Assert.Null(StudyFigures.Steps(study, []));
        Assert.Contains("No trial is completed.", StudyReportPage.Create(study, []).Render());
    }

    [Fact]
    public async Task History_Maximised_BestSoFarOnlyRises()
    {
        var study = await RunAsync(StudyDirection.Maximise);
        var figure = StudyFigures.History(study, await study.TrialsAsync(TestContext.Current.CancellationToken))!;
        var best = figure.Data[^1]!["y"]!.AsArray().Select(value => (double)value!).ToList();
        Assert.Equal(best.Order(), best);
        Assert.Equal((await study.BestAsync(TestContext.Current.CancellationToken))!.Value, best[^1]);
    }

    private async Task<Study> RunAsync(StudyDirection direction = StudyDirection.Minimise)
    {
        var study = await Study.OpenAsync(_folder.Data, new StudyOptions
        {
            Name = "report", Direction = direction, Pruner = PrunerKind.Asha, MaxSteps = 9, Reduction = 2,
            Space = new(SearchParameter.Float("x", -5, 10), SearchParameter.Float("y", 0, 15), SearchParameter.Categorical("activation", "relu", "tanh"), SearchParameter.Int("width", 8, 128, log: true)),
        });
        await study.RunAsync(async (trial, stop) =>
        {
            double final = Objectives.Branin([trial.GetDouble("x"), trial.GetDouble("y")]) + (trial.GetText("activation") == "relu" ? 0 : 20);
            for (int step = 1; step <= 9; step++)
                if (await trial.ReportAsync(step, final + 10.0 / step, stop) != TrialVerdict.Continue)
                    return final;
            return trial.Number == 3 ? double.NaN : final;
        }, trials: 50);
        return study;
    }
}
