using System.Reflection;
using System.Text.Json;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>What this process brings along: packages by its deps.json, assemblies by the list of trusted ones.</summary>
internal static class CarriedPackages
{
    // A package that only gathers others, and the one of them whose version it shares.
    private const string TorchBundle = "TorchSharp-cpu";
    private const string Torch = "TorchSharp";

    // What cells and the kernel hand each other, and what keeps state for the whole process; all else may be there twice.
    private static readonly string[] SharedIds =
    [
        "TorchSharp", "libtorch", "DuckDB.NET", "Microsoft.Data.Analysis", "Microsoft.ML.", "Apache.Arrow", "Plotly.NET", "DynamicObj", "Giraffe.ViewEngine", "FSharp", "Fable.Core",
        "MathNet.Numerics", "Microsoft.DotNet.Interactive", "Microsoft.CodeAnalysis", "System.Numerics.Tensors", "Google.Protobuf", "Microsoft.Data.Sqlite", "SQLitePCLRaw",
    ];

    private static readonly Lazy<IReadOnlyDictionary<string, string>> LazyVersions = new(Read);
    private static readonly Lazy<IReadOnlyDictionary<string, string>> LazyAssemblies = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase).ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>Version by package id.</summary>
    public static IReadOnlyDictionary<string, string> Versions => LazyVersions.Value;

    /// <summary>Path by assembly name.</summary>
    public static IReadOnlyDictionary<string, string> Assemblies => LazyAssemblies.Value;

    /// <summary>Whether cells must use the carried version, because the kernel uses its types with them.</summary>
    public static bool IsShared(string id) => SharedIds.Any(shared => id.StartsWith(shared, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the file is a newer version of an assembly that this process carries.</summary>
    public static bool IsNewer(string path) => Assemblies.TryGetValue(Path.GetFileNameWithoutExtension(path), out var carried)
        && AssemblyName.GetAssemblyName(path).Version > AssemblyName.GetAssemblyName(carried).Version;

    /// <summary>Whether the assembly of that name came with .NET.</summary>
    public static bool IsFramework(string path) => Assemblies.TryGetValue(Path.GetFileNameWithoutExtension(path), out var carried)
        && Path.GetDirectoryName(carried) != AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar);

    private static Dictionary<string, string> Read()
    {
        var versions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in ((string?)AppContext.GetData("APP_CONTEXT_DEPS_FILES") ?? "").Split([';', Path.PathSeparator], StringSplitOptions.RemoveEmptyEntries).Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            foreach (var library in document.RootElement.GetProperty("libraries").EnumerateObject())
                if (library.Value.GetProperty("type").GetString() == "package" && library.Name.Split('/') is [var id, var version])
                    versions.TryAdd(id, version);
        }
        if (versions.TryGetValue(Torch, out var torch) && versions.Keys.Any(id => id.StartsWith("libtorch-cpu", StringComparison.OrdinalIgnoreCase)))
            versions.TryAdd(TorchBundle, torch);
        return versions;
    }
}
