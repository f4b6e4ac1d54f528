using System.Globalization;
using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>All processes that inherited an environment variable of this test: ranks, launchers, shells, children, on either namespace.</summary>
internal sealed class MarkedProcesses
{
    private const string Name = "WORKBENCH_TEST_MARK";
    private readonly string _mark = Guid.NewGuid().ToString("N");

    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { [Name] = _mark };

    /// <summary>Those that run.</summary>
    public List<LinuxProcess> Left() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && HasMark(id)).Select(LinuxProcess.Find).OfType<LinuxProcess>(),
    ];

    /// <summary>Waits until none runs any more; says how long that took.</summary>
    public async Task<TimeSpan> WaitUntilGoneAsync(TimeSpan limit)
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Left() is { Count: > 0 } left)
        {
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(began) < limit, $"Left after {limit}: {string.Join(", ", left.Select(process => process.Id))}");
            await Task.Delay(50);
        }
        return System.Diagnostics.Stopwatch.GetElapsedTime(began);
    }

    /// <summary>Where Open MPI keeps the files of those that run, which are there.</summary>
    public string SessionFolder()
    {
        const string variable = "OMPI_MCA_orte_tmpdir_base=";
        string folder = Left().SelectMany(process => File.ReadAllText($"/proc/{process.Id}/environ").Split('\0'))
            .First(setting => setting.StartsWith(variable, StringComparison.Ordinal))[variable.Length..];
        Assert.NotEmpty(Directory.EnumerateDirectories(folder, "ompi.*"));
        Assert.NotEmpty(Directory.EnumerateFiles(folder, "*segment*"));
        return folder;
    }

    private bool HasMark(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Contains($"{Name}={_mark}", StringComparison.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended, or is not ours.
        }
    }
}
