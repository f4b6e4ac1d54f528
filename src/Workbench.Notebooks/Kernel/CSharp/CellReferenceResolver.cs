using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Scripting;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>
/// Finds what <c>#r</c> names, and what an assembly named so needs itself. What the process's own assemblies need is not
/// looked up: Roslyn's resolver would read all of them (200 MB, and 10 ms a cell); a cell that needs one is compiled again with it.
/// </summary>
/// <param name="inner">Roslyn's resolver for scripts.</param>
internal sealed class CellReferenceResolver(ScriptMetadataResolver inner) : MetadataReferenceResolver
{
    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties) =>
        inner.ResolveReference(reference, baseFilePath, properties);

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        ScriptEnvironment.IsPlatform(definition) ? null : ScriptEnvironment.Find(referenceIdentity.Name) ?? inner.ResolveMissingAssembly(definition, referenceIdentity);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => inner.GetHashCode();
}
