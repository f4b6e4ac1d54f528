using System.Diagnostics;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public sealed class TorchRuntimeTests
{
    private const string InCopy = "WORKBENCH_TEST_WITHOUT_TORCH";

    [Fact]
    public void EnsureAvailable_EngineThere_DoesNotThrow() => TorchRuntime.EnsureAvailable();

    /// <summary>Tensors that come and go take their memory from the system once. 500 of 3 MiB have 393,000 pages of 4 KiB.</summary>
    [Fact]
    public void EnsureAvailable_MemoryOfFreedTensors_IsKept()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable("GLIBC_TUNABLES") is { Length: > 0 })
            Assert.Skip("This is about glibc as it is.");
        TorchRuntime.EnsureAvailable();
        long before = PageFaults();
        for (int round = 0; round < 50; round++)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            for (int i = 0; i < 10; i++)
                TorchSharp.torch.zeros(3 << 18);
        }
        Assert.InRange(PageFaults() - before, 0, 100_000);
    }

    // The tenth field (proc(5)); the second may hold spaces.
    private static long PageFaults() => long.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[^1].Split(' ')[7], System.Globalization.CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("cuda", 2, 0, 1, 0)]
    [InlineData("cuda", 4, 3, 4, 3)]
    [InlineData("auto", 4, 1, 2, 1)]
    [InlineData("auto", 0, 1, 2, null)]
    [InlineData("cuda:1", 2, 0, 2, 1)]   // a named one is that one, on every rank
    [InlineData("cuda:0", 1, 1, 2, 0)]
    public void Gpu_OnRanksOfAHost_IsTheOneOfTheRank(string name, int devices, int localRank, int localSize, int? expected) =>
        Assert.Equal(expected, TorchRuntime.Gpu(name, devices, localRank, localSize));

    [Theory]
    [InlineData("cuda", 2, 0, 3, "Device 'cuda' was asked for on 3 ranks of this host, each of which takes a GPU of its own, and libtorch sees 2. Start at most 2 on this host (--nproc, --hosts), or choose 'cpu'.")]
    [InlineData("auto", 1, 1, 2, "Device 'auto' was asked for on 2 ranks of this host, each of which takes a GPU of its own, and libtorch sees 1. Start at most 1 on this host (--nproc, --hosts), or choose 'cpu'.")]
    [InlineData("cuda:2", 2, 0, 1, "Device 'cuda:2' was asked for and this machine has 2 GPU(s), cuda:0 to cuda:1. Choose one of them, or 'auto'.")]
    [InlineData("cuda", 0, 0, 2, "Device 'cuda' was asked for and libtorch sees no GPU. Build with -p:TorchBackend=cuda-linux (or cuda-windows) on a machine with an NVIDIA driver, or choose 'cpu' or 'auto'.")]
    public void Gpu_NotThere_IsRefusedWithWhatIs(string name, int devices, int localRank, int localSize, string message) =>
        Assert.Equal(message, Assert.Throws<TrainingException>(() => TorchRuntime.Gpu(name, devices, localRank, localSize)).Message);

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
