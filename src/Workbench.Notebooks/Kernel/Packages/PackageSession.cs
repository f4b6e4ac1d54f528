using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Workbench.Data;

namespace Workbench.Notebooks.Kernel.Packages;

/// <summary>
/// The packages of a kernel: each is there in one version for as long as the process runs. What the kernel carries only for
/// itself may be there in a newer version as well. Not thread-safe.
/// </summary>
internal sealed class PackageSession : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly PackageRestore _restore;
    private readonly PackageLoader _loader;
    private readonly Dictionary<string, string> _installed = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<PackageReference> _asked = [];
    private readonly List<string> _sources = [];

    /// <param name="workingFolder">Where the search for NuGet.config begins, by default the current folder.</param>
    /// <param name="cacheFolder">Keeps what restores chose, by default a folder in the user's cache.</param>
    public PackageSession(string? workingFolder = null, string? cacheFolder = null)
    {
        _restore = new(Path.Combine(_folder.Path, "project"), workingFolder ?? Environment.CurrentDirectory, cacheFolder ?? UserCache());
        _loader = new(Path.Combine(_folder.Path, "native"));
    }

    /// <summary>Restores the packages of one cell at once and makes them loadable.</summary>
    /// <param name="packages">What the cell asks for.</param>
    /// <param name="sources">Addresses and folders to look in besides those of NuGet.config; they stay for later cells.</param>
    /// <param name="progress">Is told what was installed, used from the kernel, or skipped, one line each.</param>
    /// <param name="cancellationToken">Ends the restore.</param>
    /// <returns>What the compilation must reference from now on.</returns>
    /// <exception cref="PackageException">A package is not found, or is there in another version; names both.</exception>
    public PackageAssemblies Restore(IReadOnlyList<PackageReference> packages, IReadOnlyList<string> sources, Action<string> progress, CancellationToken cancellationToken)
    {
        var given = _sources.Concat(sources).Distinct(StringComparer.Ordinal).ToList();
        var missing = packages.Where(package => !IsThere(package, progress)).DistinctBy(package => package.Id, StringComparer.OrdinalIgnoreCase).ToList();
        if (missing.Count == 0)
        {
            Keep(given);
            return new([], []);
        }
        var pinned = _asked.Select(package => package with { VersionRange = $"[{_installed[package.Id]}]" });
        var restored = RestoredPackages.Parse(_restore.Run(pinned.Concat(missing), given, cancellationToken)).Packages;
        RefuseOtherVersions(restored);
        var added = restored.Where(package => !_installed.ContainsKey(package.Id) && !IsCarried(package)).ToList();
        if (missing.Find(package => CarriedPackages.Versions.ContainsKey(package.Id) && !added.Exists(one => one.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase))) is { } older)
            throw OtherVersion(older, CarriedPackages.Versions[older.Id], carried: true);
        RefuseNewerAssemblies(added);
        var newer = _loader.Add(added.SelectMany(package => package.Runtime).Where(IsNew), added.SelectMany(package => package.Native));
        foreach (var package in added)
            _installed[package.Id] = package.Version;
        _asked.AddRange(missing.Where(package => _installed.ContainsKey(package.Id)));
        Keep(given);
        Tell(missing, added, progress);
        return new(added.SelectMany(package => package.Compile).Where(IsNew).ToList(), newer);
    }

    public void Dispose() => _folder.Dispose();

    private void Keep(List<string> sources)
    {
        _sources.Clear();
        _sources.AddRange(sources);
    }

    private bool IsThere(PackageReference package, Action<string> progress)
    {
        bool carried = CarriedPackages.Versions.TryGetValue(package.Id, out var version) && !_installed.ContainsKey(package.Id);
        if (!carried && !_installed.TryGetValue(package.Id, out version))
            return false;
        bool fits = PackageVersion.TryParse(version ?? "") is { } known && PackageRange.Contains(package.VersionRange, known);
        if (!fits && carried && !CarriedPackages.IsShared(package.Id))
            return false; // perhaps a newer one
        if (!fits)
            throw OtherVersion(package, version, carried);
        progress($"{package.Id} {version} {(carried ? "is part of this kernel" : "is loaded already")}{(package.VersionRange is { } range && range != version ? $" (asked for: {range})" : "")}.");
        return true;
    }

    private static PackageException OtherVersion(PackageReference package, string? there, bool carried) =>
        new($"{package.Id} {package.VersionRange} was asked for, and {there} {(carried ? "is part of this kernel" : "is loaded already")}. {(carried ? $"Write #r \"nuget: {package.Id}\" without a version to use that one" : "A process holds one version of a package: restart the kernel to take the other")}.");

    private void RefuseOtherVersions(IReadOnlyList<RestoredPackage> restored)
    {
        foreach (var package in restored)
        {
            if (_installed.TryGetValue(package.Id, out var loaded) && loaded != package.Version)
                throw new PackageException($"These packages need {package.Id} {package.Version}, and {loaded} is loaded already. Restart the kernel, and ask for all packages in its first cell.");
            if (CarriedPackages.IsShared(package.Id) && IsNewerThanCarried(package, out var carried))
                throw new PackageException($"These packages need {package.Id} {package.Version}, and {carried} is part of this kernel. Ask for an older version of the package that needs it.");
        }
    }

    private static bool IsCarried(RestoredPackage package) => CarriedPackages.Versions.ContainsKey(package.Id) && !IsNewerThanCarried(package, out _);

    private static bool IsNewerThanCarried(RestoredPackage package, [NotNullWhen(true)] out string? carried) =>
        CarriedPackages.Versions.TryGetValue(package.Id, out carried) && PackageVersion.TryParse(package.Version) is { } wanted && wanted.CompareTo(PackageVersion.TryParse(carried)) > 0;

    // A package may bring an assembly under the name of one that came with .NET or the kernel.
    private static void RefuseNewerAssemblies(IEnumerable<RestoredPackage> added)
    {
        foreach (var package in added)
            foreach (var path in package.Runtime.Where(path => CarriedPackages.IsNewer(path) && (CarriedPackages.IsFramework(path) || CarriedPackages.IsShared(Path.GetFileNameWithoutExtension(path)))))
            {
                var (wanted, there) = (AssemblyName.GetAssemblyName(path), AssemblyName.GetAssemblyName(CarriedPackages.Assemblies[Path.GetFileNameWithoutExtension(path)]));
                throw new PackageException($"{package.Id} {package.Version} brings {wanted.Name} {wanted.Version}, and {there.Version} is part of .NET or of this kernel. Ask for an older version of the package.");
            }
    }

    private static bool IsNew(string path) => !CarriedPackages.Assemblies.ContainsKey(Path.GetFileNameWithoutExtension(path)) || CarriedPackages.IsNewer(path);

    private static void Tell(List<PackageReference> asked, List<RestoredPackage> added, Action<string> progress)
    {
        foreach (var package in added.Where(package => asked.Exists(one => one.Id.Equals(package.Id, StringComparison.OrdinalIgnoreCase))))
            progress($"Installed {package.Id} {package.Version}.");
        foreach (var package in added.Where(package => package.HasExtension))
            progress($"{package.Id}: its extension for .NET Interactive was skipped, since it needs Microsoft.DotNet.Interactive. The package itself can be used.");
    }

    private static string UserCache()
    {
        var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(home, "workbench", "packages");
    }
}

/// <summary>What a restore brought.</summary>
/// <param name="Compile">Assemblies to compile against, by full path.</param>
/// <param name="Newer">Loaded assemblies that the process also carries in an older version: code must be bound to these by hand.</param>
internal sealed record PackageAssemblies(IReadOnlyList<string> Compile, IReadOnlyList<Assembly> Newer);
