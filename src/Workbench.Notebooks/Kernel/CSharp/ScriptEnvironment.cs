using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// What every C# cell sees without asking: all assemblies that came with the process, and the usual namespaces. The
/// same for running, completion and the analysis behind promotion.
/// </summary>
internal static class ScriptEnvironment
{
    private static readonly string[] AlwaysImported =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Text", "System.Threading", "System.Threading.Tasks",
        "Microsoft.Data.Analysis", "Workbench.Notebooks", "Workbench.Notebooks.CellFunctions",
    ];

    private static readonly string[] ImportedWhereFound =
    [
        "Workbench", "Workbench.Data", "Workbench.Features", "Workbench.Charts",
        "Workbench.Drift", "Workbench.Drift.Causes", "Workbench.Drift.Chunks", "Workbench.Drift.Dialects", "Workbench.Drift.Embeddings", "Workbench.Drift.Expectations", "Workbench.Drift.Multivariate",
        "Workbench.Drift.Quality", "Workbench.Drift.Streams", "Workbench.Drift.Text", "Workbench.Evaluation", "Workbench.Evaluation.Estimation", "Workbench.Tensors", "Workbench.Training", "Workbench.Training.Text", "Workbench.Training.Forecasting",
        "Workbench.Distributed", "Workbench.Distributed.Launch", "Workbench.LanguageModels", "Workbench.LanguageModels.FineTuning",
        "Workbench.Registry", "Workbench.Monitoring", "Workbench.Reports", "Workbench.Serving", "Workbench.Serving.Export",
    ];

    private static readonly Lazy<IReadOnlyList<string>> Platform = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? throw new InvalidOperationException("This process has no list of platform assemblies: run it as a framework-dependent or self-contained program, not as a single file."))
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList());

    private static readonly ConcurrentDictionary<string, PortableExecutableReference> Opened = new(StringComparer.Ordinal);

    private static readonly Lazy<Dictionary<string, string>> Paths = new(() =>
        Platform.Value.GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase));

    private static readonly Lazy<IReadOnlyList<MetadataReference>> LazyReferences = new(() => [.. Platform.Value.Select(Reference)]);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> LazyCompletionReferences = new(() =>
        [.. Platform.Value.Where(path => !path.Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal) && !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
            && !Path.GetFileName(path).StartsWith("FSharp.Compiler", StringComparison.Ordinal)).Select(Reference)]);

    private static readonly Lazy<IReadOnlyList<string>> LazyImports = new(() =>
        AlwaysImported.Concat(ImportedWhereFound.Intersect(PublicNamespaces())).ToList());

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>Finds what <c>#r "path"</c> names, relative to the current directory.</summary>
    public static CellReferenceResolver ReferenceResolver { get; } = new(ScriptMetadataResolver.Default.WithBaseDirectory(Directory.GetCurrentDirectory()));

    /// <summary>Finds what <c>#load "path"</c> names, relative to the current directory.</summary>
    public static ScriptSourceResolver SourceResolver { get; } = ScriptSourceResolver.Default.WithBaseDirectory(Directory.GetCurrentDirectory());

    /// <summary>Files of all platform assemblies.</summary>
    public static IReadOnlyList<string> AssemblyPaths => Platform.Value;


    /// <summary>All platform assemblies; leaving out System.Private.* would break forwarded types such as System.Uri.</summary>
    public static IReadOnlyList<MetadataReference> References => LazyReferences.Value;

    /// <summary>What completion knows: not the web framework and the compilers, which cells hardly use and which take 100 MB to know.</summary>
    public static IReadOnlyList<MetadataReference> CompletionReferences => LazyCompletionReferences.Value;

    /// <summary>A reference to an assembly file; the same one for the same file.</summary>
    public static PortableExecutableReference Reference(string path) => Opened.GetOrAdd(path, Open);

    /// <summary>A reference to the platform assembly of that name, or null when there is none.</summary>
    public static PortableExecutableReference? Find(string name) => Paths.Value.TryGetValue(name, out var path) ? Reference(path) : null;

    /// <summary>Whether the reference is to a platform assembly.</summary>
    public static bool IsPlatform(MetadataReference reference) => reference is PortableExecutableReference { FilePath: { } path } && Opened.ContainsKey(path);

    /// <summary>Namespaces (and one static class) imported into the first submission; only ones that exist, since an unknown using fails every cell.</summary>
    public static IReadOnlyList<string> Imports => LazyImports.Value;

    // Mapped, not read: Roslyn's own way copies each file, which with all of them is hundreds of megabytes. Lives as long as the process.
    private static unsafe PortableExecutableReference Open(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        var metadata = new PEReader(start, checked((int)view.Capacity)).GetMetadata();
        return AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)metadata.Pointer, metadata.Length)).GetReference(filePath: path, display: path);
    }

    private static HashSet<string> PublicNamespaces() =>
        Platform.Value.Where(path => Path.GetFileName(path).StartsWith("Workbench.", StringComparison.OrdinalIgnoreCase))
            .SelectMany(PublicNamespaces).ToHashSet(StringComparer.Ordinal);

    // Read from metadata: loading Serving or Core with all they need, only to look, would cost a cell its start.
    private static List<string> PublicNamespaces(string assemblyPath)
    {
        using var file = new PEReader(File.OpenRead(assemblyPath));
        var metadata = file.GetMetadataReader();
        return metadata.TypeDefinitions.Select(metadata.GetTypeDefinition)
            .Where(type => (type.Attributes & TypeAttributes.VisibilityMask) == TypeAttributes.Public)
            .Select(type => metadata.GetString(type.Namespace)).Distinct().ToList();
    }
}
