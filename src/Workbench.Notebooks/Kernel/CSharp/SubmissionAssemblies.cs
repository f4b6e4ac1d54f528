using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>Where submissions live once compiled: they find each other, the files that <c>#r</c> named, and everything else in the process.</summary>
internal sealed class SubmissionAssemblies() : AssemblyLoadContext("workbench-cells")
{
    private readonly ConcurrentDictionary<string, Assembly> _bound = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> _folders = new(StringComparer.Ordinal);

    /// <summary>Submissions that reference this assembly get it, and not the process's own of the same name.</summary>
    public void Bind(Assembly assembly) => _bound[assembly.GetName().Name ?? ""] = assembly;

    /// <summary>What a submission references beside the platform is loaded from its file when it is needed first.</summary>
    public void Expect(IEnumerable<MetadataReference> references)
    {
        foreach (var reference in references)
            if (reference is PortableExecutableReference { FilePath: { } path } && !ScriptEnvironment.IsPlatform(reference)
                && _files.TryAdd(Path.GetFileNameWithoutExtension(path), path) && Path.GetDirectoryName(path) is { } folder)
                _folders.TryAdd(folder, 0);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name ?? "";
        if (_bound.TryGetValue(name, out var bound))
            return bound;
        if (_files.TryGetValue(name, out var path)) // packages are in the process already, and their files may be reference assemblies
            return Default.Assemblies.FirstOrDefault(assembly => string.Equals(assembly.GetName().Name, name, StringComparison.OrdinalIgnoreCase)) ?? LoadFromAssemblyPath(path);
        if (ScriptEnvironment.Find(name) is not null)
            return null;
        return _folders.Keys.Select(folder => Path.Combine(folder, name + ".dll")).FirstOrDefault(File.Exists) is { } beside ? LoadFromAssemblyPath(beside) : null;
    }
}
