using System.Reflection;
using System.Runtime.InteropServices;

namespace Workbench.Registry;

/// <summary>The software and hardware a version was trained on.</summary>
public sealed record EnvironmentSnapshot
{
    private const string CpuFacts = "/proc/cpuinfo";

    /// <summary>Runtime, such as <c>.NET 10.0.1</c>.</summary>
    public required string Framework { get; init; }
    /// <summary>Operating system with its version.</summary>
    public required string OperatingSystem { get; init; }
    /// <summary>Processor architecture, such as <c>X64</c>.</summary>
    public required string Architecture { get; init; }
    /// <summary>Processor model, or null where the system does not tell.</summary>
    public string? Cpu { get; init; }
    /// <summary>Logical processors that the process may use.</summary>
    public required int CpuCount { get; init; }
    /// <summary>Memory that the process may use, in bytes.</summary>
    public required long MemoryBytes { get; init; }
    /// <summary>Versions of the loaded libraries that are not part of .NET, by assembly name.</summary>
    public required IReadOnlyDictionary<string, string> Packages { get; init; }

    /// <summary>Describes the present process.</summary>
    public static EnvironmentSnapshot Capture() => new()
    {
        Framework = RuntimeInformation.FrameworkDescription,
        OperatingSystem = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
        Cpu = CpuModel(),
        CpuCount = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        Packages = LoadedPackages(),
    };

    private static string? CpuModel()
    {
        if (!File.Exists(CpuFacts))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        var line = File.ReadLines(CpuFacts).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':') + 1)..].Trim();
    }

    private static SortedDictionary<string, string> LoadedPackages()
    {
        var packages = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var runtimeFolder = Path.GetDirectoryName(typeof(object).Assembly.Location);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            // Assemblies without a file were compiled in memory: notebook cells, serializers.
            if (assembly.IsDynamic || assembly.Location.Length == 0 || Path.GetDirectoryName(assembly.Location) == runtimeFolder)
                continue;
            var name = assembly.GetName();
            packages[name.Name ?? assembly.Location] = VersionOf(assembly, name);
        }
        return packages;
    }

    private static string VersionOf(Assembly assembly, AssemblyName name)
    {
        var informational = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        return informational?.Split('+')[0] ?? name.Version?.ToString() ?? "unknown";
    }
}
