using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>A process that cannot be mistaken for a later one with the same id: machine, id and moment of its start.</summary>
internal sealed record ProcessIdentity(string Machine, int Id, string Started)
{
    /// <summary>The running process of that id, or null when there is none (a zombie is none).</summary>
    public static ProcessIdentity? Find(int id) =>
        StartOf(id) is { } started ? new(Environment.MachineName, id, started) : null;

    /// <summary>Whether this very process still runs; false for one of another machine, which cannot be seen from here.</summary>
    public bool IsAlive => Machine == Environment.MachineName && StartOf(Id) == Started;

    public void Write(string path) => AtomicFile.Write(path, JsonSerializer.Serialize(this, WorkflowJson.Compact));

    /// <summary>What <see cref="Write"/> wrote, or null when the file is absent.</summary>
    public static ProcessIdentity? Read(string path) =>
        File.Exists(path) ? JsonSerializer.Deserialize<ProcessIdentity>(File.ReadAllText(path), WorkflowJson.Compact) : null;

    private static string? StartOf(int id) => OperatingSystem.IsLinux() ? LinuxStart(id) : OtherStart(id);

    /// <summary>State and start time (clock ticks since boot) of /proc/id/stat, after the name, which may hold anything.</summary>
    private static string? LinuxStart(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null; // The process has ended.
        }
    }

    private static string? OtherStart(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime.ToUniversalTime().ToString("s", CultureInfo.InvariantCulture);
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException)
        {
            return null; // The process has ended.
        }
    }
}
