using System.Diagnostics;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public sealed class TorchRuntimeTests
{
    private const string InCopy = "WORKBENCH_TEST_WITHOUT_TORCH";

    [Fact]
    public void EnsureAvailable_EngineThere_DoesNotThrow() => TorchRuntime.EnsureAvailable();

    /// <summary>Runs itself once more in a copy of this test program that has no native library.</summary>
    [Fact]
    public async Task EnsureAvailable_EngineMissing_NamesTheRemedy()
    {
        if (Environment.GetEnvironmentVariable(InCopy) == "1")
        {
            AssertMissing();
            AssertMissing();   // the second call must say the same as the first
            return;
        }
        string folder = Directory.CreateTempSubdirectory("workbench-notorch-").FullName;
        try
        {
            CopyManagedFilesTo(folder);
            var (exitCode, output) = await RunCopyAsync(folder, TestContext.Current.CancellationToken);
            Assert.True(exitCode == 0, output);
            Assert.Contains("succeeded: 1", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertMissing()
    {
        var failure = Assert.Throws<TrainingException>(TorchRuntime.EnsureAvailable);
        Assert.Contains("-p:TorchBackend=cpu", failure.Message);
        Assert.Contains("LD_LIBRARY_PATH", failure.Message);
        Assert.NotNull(failure.InnerException);
    }

    private static async Task<(int ExitCode, string Output)> RunCopyAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "exec", Path.Combine(folder, "Workbench.Core.Tests.dll"), "--filter-method", $"*{nameof(EnsureAvailable_EngineMissing_NamesTheRemedy)}",
            },
            RedirectStandardOutput = true,
            Environment = { ["LD_LIBRARY_PATH"] = "", [InCopy] = "1" },
        };
        using var process = Process.Start(start)!;   // a new process is never null without shell execution
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, output);
    }

    private static void CopyManagedFilesTo(string folder)
    {
        // Without the .deps.json the host takes every assembly in the folder and expects no native file.
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
            .Append(Path.Combine(AppContext.BaseDirectory, "Workbench.Core.Tests.runtimeconfig.json")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
    }
}
