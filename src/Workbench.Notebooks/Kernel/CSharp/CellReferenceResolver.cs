using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// Finds what <c>#r</c> names, and what referenced assemblies need themselves. That must be there from the first cell on: an
/// assembly whose needs are found later becomes another one to the compiler, and a variable no longer fits a parameter of its
/// own type. Left out is what only the kernel uses, the compilers above all. Roslyn's resolver would copy every file into memory.
/// </summary>
/// <param name="inner">Roslyn's resolver for scripts.</param>
internal sealed class CellReferenceResolver(ScriptMetadataResolver inner) : MetadataReferenceResolver
{
    private static readonly string[] KernelOnly =
        ["Microsoft.CodeAnalysis", "FSharp.Compiler", "NetMQ", "AsyncIO", "NaCl", "Markdig", "YamlDotNet", "Dapper", "dbup", "Humanizer", "System.Composition"];

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        inner.ResolveReference(reference, baseFilePath, properties);

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        bool isPlatform = ScriptEnvironment.IsPlatform(definition);
        if (isPlatform && KernelOnly.Any(name => referenceIdentity.Name.StartsWith(name, StringComparison.Ordinal)))
            return null;
        return ScriptEnvironment.Find(referenceIdentity.Name) ?? (isPlatform ? null : inner.ResolveMissingAssembly(definition, referenceIdentity));
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => inner.GetHashCode();
}
