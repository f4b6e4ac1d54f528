using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// Which assemblies a cell is compiled against. Binding all that the process carries costs each cell 10 ms and half a
/// megabyte, so it begins with the usual ones and what those need themselves (<see cref="CellReferenceResolver"/>); what a cell
/// turns out to lack is added, and all of them before it is refused.
/// </summary>
internal static partial class ScriptReferences
{
    private static readonly string[] UsualNames =
    [
        "System.Private.CoreLib", "System.Private.Uri", "System.Runtime", "System.Collections", "System.Console", "System.Linq", "System.Net.Http", "System.Text.Json", "System.Text.RegularExpressions",
        "System.Threading", "System.Threading.Tasks.Parallel", "System.Memory", "System.Runtime.InteropServices", "System.ComponentModel.Primitives", "System.ObjectModel",
        "System.Diagnostics.Process", "System.Collections.Concurrent", "System.Linq.Expressions", "Microsoft.CSharp", "System.Data.Common", "netstandard",
        "Microsoft.Data.Analysis", "TorchSharp", "Workbench.Notebooks", "Workbench.Core", "Workbench.Serving",
    ];

    // Words (names of public types, and each part of their namespaces) to names of assemblies.
    private static readonly Lazy<Dictionary<string, HashSet<string>>> Index = new(BuildIndex);

    /// <summary>What every first cell is compiled against.</summary>
    public static IReadOnlyList<MetadataReference> Usual { get; } = [.. UsualNames.Select(ScriptEnvironment.Find).OfType<MetadataReference>()];

    /// <summary>Assemblies that could mend these errors: those that define what is missing, else all that are left; empty when nothing is.</summary>
    /// <param name="errors">What the compiler said.</param>
    /// <param name="present">Assemblies that the cell has.</param>
    public static IReadOnlyList<MetadataReference> Missing(IEnumerable<Diagnostic> errors, IReadOnlySet<MetadataReference> present)
    {
        var taken = present.OfType<PortableExecutableReference>().Select(reference => Path.GetFileName(reference.FilePath)).ToHashSet(StringComparer.OrdinalIgnoreCase); // also by a package's newer version
        bool IsAbsent(MetadataReference reference) => reference is PortableExecutableReference { FilePath: { } path } && !taken.Contains(Path.GetFileName(path));
        var names = errors.Where(error => error.Severity == DiagnosticSeverity.Error).SelectMany(Candidates).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = names.Select(ScriptEnvironment.Find).OfType<MetadataReference>().Where(IsAbsent).ToList();
        return found.Count > 0 ? found : [.. ScriptEnvironment.References.Where(IsAbsent)];
    }

    private static IEnumerable<string> Candidates(Diagnostic error)
    {
        // CS0012, CS1069, CS1070 name the assembly in their text: "assembly 'X, Version=...'".
        foreach (Match match in AssemblyName().Matches(error.GetMessage()))
            yield return match.Groups[1].Value;
        if (error.Id is not ("CS0246" or "CS0103" or "CS0234") || error.Location.SourceTree is not { } tree)
            yield break;
        foreach (Match word in Word().Matches(tree.GetText().ToString(error.Location.SourceSpan)))
            if (Index.Value.TryGetValue(word.Value, out var assemblies))
                foreach (var assembly in assemblies)
                    yield return assembly;
    }

    private static Dictionary<string, HashSet<string>> BuildIndex()
    {
        var words = new ConcurrentBag<(string Word, string Assembly)>();
        Parallel.ForEach(ScriptEnvironment.AssemblyPaths, path =>
        {
            using var file = new PEReader(File.OpenRead(path));
            var assembly = Path.GetFileNameWithoutExtension(path);
            var metadata = file.GetMetadataReader();
            foreach (var type in metadata.TypeDefinitions.Select(metadata.GetTypeDefinition))
            {
                if ((type.Attributes & TypeAttributes.VisibilityMask) != TypeAttributes.Public)
                    continue;
                words.Add((metadata.GetString(type.Name).Split('`')[0], assembly));
                foreach (var part in metadata.GetString(type.Namespace).Split('.'))
                    words.Add((part, assembly));
            }
        });
        // A word that half of all assemblies know, such as System, says nothing.
        return words.GroupBy(entry => entry.Word, entry => entry.Assembly, StringComparer.Ordinal)
            .Select(group => (group.Key, Assemblies: group.ToHashSet(StringComparer.OrdinalIgnoreCase))).Where(entry => entry.Assemblies.Count <= 12)
            .ToDictionary(entry => entry.Key, entry => entry.Assemblies, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"'([\w.\-]+), Version=")]
    private static partial Regex AssemblyName();

    [GeneratedRegex(@"[A-Za-z_]\w*")]
    private static partial Regex Word();
}
