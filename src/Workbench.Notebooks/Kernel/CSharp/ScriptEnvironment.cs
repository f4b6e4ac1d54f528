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
        "Workbench", "Workbench.Data", "Workbench.Features", "Workbench.Charts", "Workbench.Drift", "Workbench.Evaluation", "Workbench.Training",
        "Workbench.Registry", "Workbench.Monitoring", "Workbench.Reports", "Workbench.Serving", "Workbench.Serving.Export",
    ];

    private static readonly Lazy<IReadOnlyList<string>> Platform = new(() =>
        ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? throw new InvalidOperationException("This process has no list of platform assemblies: run it as a framework-dependent or self-contained program, not as a single file."))
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));

    private static readonly Lazy<IReadOnlyList<MetadataReference>> LazyReferences = new(() =>
        Platform.Value.Select(path => (MetadataReference)MetadataReference.CreateFromFile(path)).ToList());

    private static readonly Lazy<IReadOnlyList<string>> LazyImports = new(() =>
        AlwaysImported.Concat(ImportedWhereFound.Intersect(PublicNamespaces())).ToList());

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>Finds what <c>#r "path"</c> names, relative to the current directory.</summary>
    public static ScriptMetadataResolver ReferenceResolver { get; } = ScriptMetadataResolver.Default.WithBaseDirectory(Directory.GetCurrentDirectory());

    /// <summary>Finds what <c>#load "path"</c> names, relative to the current directory.</summary>
    public static ScriptSourceResolver SourceResolver { get; } = ScriptSourceResolver.Default.WithBaseDirectory(Directory.GetCurrentDirectory());

    /// <summary>Files of all platform assemblies.</summary>
    public static IReadOnlyList<string> AssemblyPaths => Platform.Value;

    /// <summary>All platform assemblies; leaving out System.Private.* would break forwarded types such as System.Uri.</summary>
    public static IReadOnlyList<MetadataReference> References => LazyReferences.Value;

    /// <summary>Namespaces (and one static class) imported into the first submission; only ones that exist, since an unknown using fails every cell.</summary>
    public static IReadOnlyList<string> Imports => LazyImports.Value;

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
