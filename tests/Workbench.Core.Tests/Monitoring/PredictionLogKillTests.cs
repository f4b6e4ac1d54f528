using System.Diagnostics;
using Workbench.Monitoring;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>A real process that appends is killed by SIGKILL; what it had acknowledged is there, once.</summary>
public sealed class PredictionLogKillTests : IDisposable
{
    private const int AcknowledgedBeforeKill = 300;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_AfterKillOfTheAppendingProcess_HasEachAcknowledgedRowOnce()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            Environment = { [AppendingProcess.FolderVariable] = _folder.Path },
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(start)!;
        try
        {
            await WaitForAcknowledgedAsync(child);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }

        var acknowledged = (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "acknowledged"))).Split('\n')[..^1];
        await using var log = PredictionLog.Open(_folder.Data);
        var kept = EventQuery.Column<string>($"select prediction_id from {EventQuery.Read(PredictionLog.ParquetGlob(_folder.Data, "churn"))}");
        Assert.True(acknowledged.Length >= AcknowledgedBeforeKill);
        Assert.Equal(kept.Count, kept.Distinct().Count());
        Assert.Empty(acknowledged.Except(kept));
        Assert.InRange(kept.Count - acknowledged.Length, 0, 1); // one may have been appended and not acknowledged yet
    }

    private async Task WaitForAcknowledgedAsync(Process child)
    {
        var file = Path.Combine(_folder.Path, "acknowledged");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!File.Exists(file) || File.ReadLines(file).Count() < AcknowledgedBeforeKill)
        {
            Assert.False(child.HasExited, "The appending process ended by itself.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), deadline.Token);
        }
    }
}
