using System.Reflection;
using ArchUnitNET.Loader;

namespace Workbench.Architecture.Tests;

/// <summary>One type uses another; both by full name, without generic arguments.</summary>
internal sealed record Dependency(string From, string To);

internal static class Dependencies
{
    /// <summary>Every use of a Workbench type by a type of <paramref name="assemblies"/>, from signatures and method bodies.</summary>
    public static IReadOnlyList<Dependency> Of(params Assembly[] assemblies) =>
        new ArchLoader().LoadAssemblies(assemblies.Where(assembly => !assembly.IsDynamic).ToArray()).Build()
            .Types.Where(type => assemblies.Any(assembly => assembly.GetName().Name == new AssemblyName(type.Assembly.FullName).Name))
            .SelectMany(type => type.Dependencies.Select(dependency => new Dependency(type.FullName, dependency.Target.FullName)))
            .Where(dependency => dependency.To.StartsWith("Workbench.", StringComparison.Ordinal))
            .Distinct().ToList();
}
