using System.Globalization;

namespace Workbench.Notebooks.Protocol;

/// <summary>What a kernel and all that it starts may use; null for no limit.</summary>
/// <param name="MemoryBytes">Resident memory in bytes.</param>
/// <param name="Cpus">Processor cores.</param>
internal sealed record ResourceLimits(long? MemoryBytes = null, int? Cpus = null)
{
    /// <summary>Each limit with the means that keeps it.</summary>
    public IReadOnlyDictionary<string, string> Describe()
    {
        var limits = new Dictionary<string, string>();
        if (MemoryBytes is { } bytes)
            limits["memory"] = $"{ByteSize.Text(bytes)}, by a watch on the resident memory of the kernel's processes, and for .NET by its heap limit";
        if (Cpus is { } cpus)
            limits["cpu"] = $"{cpus.ToString(CultureInfo.InvariantCulture)} {(cpus == 1 ? "core" : "cores")}, by processor affinity";
        return limits;
    }
}
