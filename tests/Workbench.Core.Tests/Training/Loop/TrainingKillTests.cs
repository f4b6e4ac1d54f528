using System.Diagnostics;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Training.Loop;

/// <summary>A real process that trains is killed by SIGKILL again and again; the one that ends has the bits of an undisturbed one.</summary>
[Collection(GeneratorCollection.Name)]
public sealed class TrainingKillTests : IDisposable
{
    private const int Kills = 4;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_KilledAgainAndAgain_EndsWithTheSameBits()
    {
        string checkpoints = Path.Combine(_folder.Path, "checkpoints");
        int steps = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using var child = Start();
            try
            {
                // At no particular moment after it has got further than the one before.
                using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                while (NewestStep(checkpoints) <= steps + 50)
                {
                    Assert.False(child.HasExited, "The training process ended by itself.");
                    await Task.Delay(TimeSpan.FromMilliseconds(1), deadline.Token);
                }
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            steps = NewestStep(checkpoints);
        }
        using (var last = Start())
        {
            await last.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, last.ExitCode);
        }
        Assert.Equal(Convert.ToHexString(TrainingProcess.Train(folder: null)), await File.ReadAllTextAsync(Path.Combine(_folder.Path, "weights"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain(Directory.GetDirectories(checkpoints), path => Path.GetFileName(path).StartsWith('.'));   // what a kill left half written is gone
    }

    private Process Start() => Process.Start(new ProcessStartInfo(Environment.ProcessPath!)   // a test program has a path
    {
        Environment = { [TrainingProcess.FolderVariable] = _folder.Path }, RedirectStandardOutput = true,
    })!;   // a new process is never null without shell execution

    private static int NewestStep(string checkpoints) => !Directory.Exists(checkpoints) ? 0 :
        Directory.GetDirectories(checkpoints, "step-*").Select(path => int.Parse(Path.GetFileName(path)[5..])).DefaultIfEmpty().Max();
}
