using Workbench.Notebooks.Format;

namespace Workbench.Host.Tests;

/// <summary>Runs the tutorials as a user does. Each ends with a cell that fails when a figure is not as expected.</summary>
public sealed class TutorialRunTests
{
    // A tutorial promises five minutes on two cores.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static TheoryData<string> All => [.. Tutorials.Names];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_ATutorial_EndsWithTheFiguresThatItPromises(string name)
    {
        var (code, said, executed) = await RunAsync(name);

        Assert.True(code == ExitCode.Done, said);
        var cells = NotebookDocument.Load(executed).Cells.Where(cell => cell.Type == CellType.Code).ToList();
        Assert.All(cells, cell => Assert.NotNull(cell.ExecutionCount)); // the check too
        Assert.All(cells.SelectMany(cell => cell.Outputs), output => Assert.NotEqual("error", output!["output_type"]!.ToString()));
    }

    [Fact]
    public async Task Run_OnOtherData_FailsInItsCheckAndNamesTheFigure()
    {
        var data = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        foreach (var month in new[] { "2024-01", "2024-02" })
            File.Copy(Path.Combine(Checkout.Root, "data", "samples", "churn", $"{month}.parquet"), Path.Combine(data, $"{month}.parquet"));

        var (code, said, executed) = await RunAsync("01-explore.ipynb", "-p", "data", data);

        Assert.Equal(ExitCode.Failed, code);
        Assert.Contains("rows: expected 24083", said);
        Assert.Equal("failed", NotebookDocument.Load(executed).Cells[^1].Metadata["papermill"]?["status"]?.ToString());
    }

    [Fact]
    public async Task Run_DriftOnBikeRentals_FindsTheGrowthFromOneYearToTheNext()
    {
        var rentals = Path.Combine(Checkout.Root, "..", "shared", "data", "bike-sharing");
        Assert.SkipUnless(Directory.Exists(rentals), $"{rentals} is not here: public data, UCI 275, is not part of the project");

        var (code, said, executed) = await RunAsync(
            "04-drift.ipynb", "-p", "ownReference", Path.Combine(rentals, "hour_train.csv"), "-p", "ownCurrent", Path.Combine(rentals, "hour_test.csv"));

        Assert.True(code == ExitCode.Done, said);
        var output = NotebookDocument.Load(executed).Cells.Single(cell => cell.Id == "own").Outputs.ToJsonString();
        // The later rows are from August to December 2012: another year, another season, and more registered riders.
        Assert.All(["yr:", "mnth:", "season:", "registered:", "cnt:"], column => Assert.Contains($"  {column}", output));
        Assert.DoesNotContain("  windspeed:", output);
    }

    private static async Task<(int Code, string Said, string Executed)> RunAsync(string name, params string[] parameters)
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        var executed = Path.Combine(folder, name);
        var (code, output, error) = await WorkbenchProcess.RunAsync(Checkout.Root, Limit,
            ["notebook", "run", Path.Combine("notebooks", name), executed, "--data", Path.Combine(folder, "data"), .. parameters]);
        return (code, output + error, executed);
    }
}
