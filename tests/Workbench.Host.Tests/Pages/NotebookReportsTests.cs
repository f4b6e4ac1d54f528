using Workbench.Data;
using Workbench.Host.Pages.Runs;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Tests.Pages;

public sealed class NotebookReportsTests
{
    private readonly DataFolder _folder = TinyModel.NewFolder();

    [Fact]
    public void FindNotebook_OfAnAttempt_LiesBesideItsLog()
    {
        var file = Write(Path.Combine(_folder.Runs, "r", "s", "1", "notebook.ipynb"));
        var second = Write(Path.Combine(_folder.Runs, "r", "s", "2", "notebook.ipynb"));
        var step = Step(Path.Combine(_folder.Runs, "r", "s", "2", "step.log"), attempt: 2);
        Assert.Equal(second, Reports.FindNotebook(step));
        Assert.Equal(file, Reports.FindNotebook(step, 1));
        Assert.Null(Reports.FindNotebook(step, 3));
        Assert.Equal("runs/r/notebook?step=s%201&attempt=2", Reports.NotebookAddress("r", step));
    }

    [Fact]
    public void FindNotebook_OutsideTheRunsFolder_IsNone()
    {
        var elsewhere = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        Write(Path.Combine(elsewhere, "1", "notebook.ipynb"));
        Assert.Null(Reports.FindNotebook(Step(Path.Combine(elsewhere, "1", "step.log"), attempt: 1)));
        Assert.Null(Reports.FindNotebook(Step(null, attempt: 1)));
    }

    [Theory]
    [InlineData("one report.html", "reports/one%20report.html")]
    [InlineData("reports/one report.html", "reports/one%20report.html")]
    [InlineData("/reports/one report.html", "reports/one%20report.html")]
    [InlineData("../keys/key.xml", null)]
    [InlineData("reports/../keys/key.xml", null)]
    [InlineData("/etc/passwd", null)]
    [InlineData("none.html", null)]
    [InlineData("https://example.org/x.html", null)]
    [InlineData("", null)]
    public void ReportAddress_Text_IsAnAddressOnlyOfAReport(string text, string? expected)
    {
        Write(Path.Combine(_folder.Reports, "one report.html"));
        Write(Path.Combine(_folder.Path, "keys", "key.xml"));
        Assert.Equal(expected, Reports.ReportAddress(text));
    }

    private NotebookReports Reports => new(new HostSettings { Folder = _folder, Url = "", Clock = TimeProvider.System });

    private static string Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "{}");
        return path;
    }

    private static WorkflowStep Step(string? log, int attempt) => new()
    {
        StepId = "s 1", ActivityId = "s", NodeId = "n", ActivityName = "s", ActivityType = "t", Status = StepStatus.Completed, Attempt = attempt, Inputs = [], LogFile = log, CreatedAt = default,
    };
}
