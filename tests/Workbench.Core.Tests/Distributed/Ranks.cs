using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Workbench.Core.Tests.Distributed;

/// <summary>Jobs of real processes (Workbench.Core.TestRank) that mpirun starts on this machine, one job at a time.</summary>
internal static class Ranks
{
    /// <summary>The program of each rank.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Workbench.Core.TestRank");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly Lock OneAtATime = new();
    private static readonly string? MpirunPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "mpirun")).FirstOrDefault(File.Exists);

    /// <summary>Where mpirun is; the test skips when it is absent.</summary>
    public static string Mpirun
    {
        get
        {
            if (MpirunPath is null)
                Assert.Skip("mpirun is not installed: Debian's package is openmpi-bin.");
            return MpirunPath;
        }
    }

    /// <summary>The lines of JSON that each rank wrote. The job has to end well.</summary>
    public static IReadOnlyList<IReadOnlyList<JsonNode>> Run(int ranks, string scenario, params string[] parameters)
    {
        var job = RunToEnd(ranks, scenario, parameters);
        Assert.True(job.ExitCode == 0, $"mpirun ended with {job.ExitCode}: {job.Errors}");
        return job.Lines;
    }

    /// <summary>A job that may fail.</summary>
    public static RanksJob RunToEnd(int ranks, string scenario, params string[] parameters)
    {
        var output = Directory.CreateTempSubdirectory("ranks-");
        try
        {
            lock (OneAtATime)
                return RunToEnd(Start(output.FullName, ranks, scenario, parameters), output.FullName, ranks);
        }
        finally
        {
            output.Delete(recursive: true);
        }
    }

    private static RanksJob RunToEnd(Process mpirun, string output, int ranks)
    {
        using var _ = mpirun;
        mpirun.OutputDataReceived += (_, _) => { };
        mpirun.BeginOutputReadLine();
        var errors = mpirun.StandardError.ReadToEndAsync();
        bool hasEnded = mpirun.WaitForExit(Limit);
        if (!hasEnded)
        {
            mpirun.Kill(entireProcessTree: true);
            mpirun.WaitForExit();
        }
        var perRank = Enumerable.Range(0, ranks).Select(rank => Path.Combine(output, $"rank.{rank}")).ToList();
        string said = string.Join('\n', [errors.GetAwaiter().GetResult(), .. perRank.Select(folder => Read(folder, "stderr"))]).Trim();
        Assert.True(hasEnded, $"The job took longer than {Limit.TotalSeconds:0} s and was killed: {said}");
        return new(mpirun.ExitCode, [.. perRank.Select(folder => Parsed(Read(folder, "stdout")))], said);
    }

    // A file for each rank: longer lines of several ranks would mix in one stream.
    private static Process Start(string output, int ranks, string scenario, string[] parameters)
    {
        var start = new ProcessStartInfo(Mpirun,
        [
            "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1",
            "--output-filename", $"{output}:nojobid,nocopy", "-np", $"{ranks}", Program, scenario, .. parameters,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TERM"] = "dumb";
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }

    private static string Read(string folder, string stream) => Path.Combine(folder, stream) is var file && File.Exists(file) ? File.ReadAllText(file) : "";

    private static IReadOnlyList<JsonNode> Parsed(string lines) =>
        [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)];
}
