using Microsoft.CodeAnalysis;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Tests.Kernel.CSharp;

public class CompilerWarmUpTests
{
    [Fact]
    public void Cells_AfterAFirstSubmission_CompileAndLeaveNothing()
    {
        var session = new CSharpSession();
        session.Run("var kept = 1;", "Cell[1]", CancellationToken.None);
        foreach (var cell in CompilerWarmUp.Cells)
            Assert.DoesNotContain(session.Rehearse(cell, TestContext.Current.CancellationToken), finding => finding.Severity >= DiagnosticSeverity.Warning);
        Assert.Equal(["kept"], session.Variables.Keys);
        Assert.Equal(2, session.Run("kept + 1", "Cell[2]", CancellationToken.None));
    }

    [Fact]
    public void Rehearse_Nonsense_FindsIt()
    {
        var session = new CSharpSession();
        session.Run("1", "Cell[1]", CancellationToken.None);
        Assert.Contains(session.Rehearse("nonsense", TestContext.Current.CancellationToken), finding => finding.Id == "CS0103");
    }

    [Fact]
    public async Task RunAsync_WhileBusy_WaitsAndEndsWhenCancelled()
    {
        using var stop = new CancellationTokenSource();
        var asked = 0;
        var running = new CompilerWarmUp(new()).RunAsync(() => ++asked > 0, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, asked);
    }
}
