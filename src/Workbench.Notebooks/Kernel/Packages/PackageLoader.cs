using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>Makes assemblies and native libraries of packages loadable in this process; they share one identity with the cells' code. What the process carries in an older version for itself gets a place of its own.</summary>
/// <param name="nativeFolder">Gets a link to every native library, so that libraries find each other.</param>
internal sealed class PackageLoader(string nativeFolder)
{
    private const string TorchLibrary = "libLibTorchSharp.so";

    private readonly ConcurrentDictionary<string, Assembly> _managed = new(StringComparer.OrdinalIgnoreCase);
    private readonly AssemblyLoadContext _newer = new("workbench-newer-packages");
    private bool _hooked;

    /// <returns>The assemblies that now are there beside an older one of the process.</returns>
    public IReadOnlyList<Assembly> Add(IEnumerable<string> managed, IEnumerable<string> native)
    {
        Hook();
        foreach (var path in native)
            Link(path);
        var added = managed.Where(path => !_managed.ContainsKey(Path.GetFileNameWithoutExtension(path)))
            .Select(path => (CarriedPackages.IsNewer(path) ? _newer : AssemblyLoadContext.Default).LoadFromAssemblyPath(path)).ToList();
        foreach (var assembly in added)
            _managed.TryAdd(assembly.GetName().Name ?? "", assembly);
        return added.Where(assembly => AssemblyLoadContext.GetLoadContext(assembly) == _newer).ToList();
    }

    private void Hook()
    {
        if (_hooked)
            return;
        _hooked = true;
        Directory.CreateDirectory(nativeFolder);
        // Also asked when the process carries an older version than the one that is needed.
        AssemblyLoadContext.Default.Resolving += (_, name) => _managed.GetValueOrDefault(name.Name ?? "");
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => LoadNative(name);
        _newer.ResolvingUnmanagedDll += (_, name) => LoadNative(name);
    }

    private void Link(string path)
    {
        var link = Path.Combine(nativeFolder, Path.GetFileName(path));
        if (File.Exists(link))
            return;
        if (Path.GetFileName(path) == TorchLibrary)
            File.WriteAllBytes(link, ElfVersionNeed.Weaken(File.ReadAllBytes(path), ElfVersionNeed.NewestOfDebian12));
        else if (OperatingSystem.IsWindows())
            File.Copy(path, link); // links need a right that users do not have there
        else
            File.CreateSymbolicLink(link, path);
    }

    private nint LoadNative(string name)
    {
        if (name.Contains("LibTorchSharp", StringComparison.Ordinal))
            foreach (var before in new[] { "c10", "torch_cpu", "torch" }) // by full path: the shim finds them loaded
                TryLoad(before);
        return TryLoad(name);
    }

    private nint TryLoad(string name)
    {
        foreach (var file in new[] { name, $"lib{name}.so", $"{name}.so", $"lib{name}", $"{name}.dll", $"lib{name}.dylib", $"{name}.dylib" })
            if (Path.Combine(nativeFolder, file) is var path && File.Exists(path) && NativeLibrary.TryLoad(path, out nint handle))
                return handle;
        return 0;
    }
}
