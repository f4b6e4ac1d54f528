using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Languages;
using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Promotion;

/// <summary>A part of a cell as the compiler sees it.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="CellIndex">Place of the cell, zero-based.</param>
/// <param name="Segment">The part.</param>
/// <param name="Compilation">The compilation of a C# part, or of the variable that another part declares; null for the rest.</param>
internal sealed record CompiledSegment(NotebookCell Cell, int CellIndex, CellSegment Segment, CSharpCompilation? Compilation)
{
    public SyntaxTree? Tree => Compilation?.SyntaxTrees.Single();

    /// <summary>Variables that the part declares, in any way: plainly, by deconstruction, or as an out argument.</summary>
    public IEnumerable<ISymbol> Variables =>
        Compilation?.ScriptClass?.GetMembers().Where(member => member is IFieldSymbol or IPropertySymbol && member.CanBeReferencedByName && !member.IsImplicitlyDeclared) ?? [];

    /// <summary>The first thing that keeps the part from compiling, or null.</summary>
    public Diagnostic? Error => Compilation is null || Tree is null ? null
        : Compilation.GetSemanticModel(Tree).GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Where the part stands, for messages.</summary>
    public string Place => NotebookSteps.Place(Cell, CellIndex);
}

/// <summary>The code cells of a notebook compiled in their order, one submission after another, without being run.</summary>
internal static class NotebookCode
{
    /// <summary>The parts one after the other; one that does not compile is left out of what the next ones see.</summary>
    /// <exception cref="DataException">A cell has an unknown magic.</exception>
    public static IEnumerable<CompiledSegment> Compile(NotebookDocument document, string origin)
    {
        CSharpCompilation? previous = null;
        for (int index = 0; index < document.Cells.Count; index++)
        {
            var cell = document.Cells[index];
            if (cell.Type != CellType.Code || cell.HasTag(CellTags.InjectedParameters))
                continue;
            foreach (var part in Parse(cell, cell.SourceToRun(document), index, origin))
            {
                var segment = new CompiledSegment(cell, index, part, CSharpOf(part) is { } code ? Submission(code, index, previous) : null);
                yield return segment;
                previous = segment is { Compilation: { } compilation, Error: null } ? compilation : previous;
            }
        }
    }

    /// <summary>Names of the variables that these cells declare.</summary>
    public static IReadOnlySet<string> Variables(IEnumerable<NotebookCell> cells)
    {
        var document = NotebookDocument.Create();
        foreach (var cell in cells)
            document.Cells.Add(cell);
        return Compile(document, "the cells that every step runs").SelectMany(segment => segment.Variables).Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
    }

    private static IReadOnlyList<CellSegment> Parse(NotebookCell cell, string source, int index, string origin)
    {
        try
        {
            return CellParser.Parse(source).Select(AsSegment).ToList();
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException)
        {
            throw new DataException($"Notebook '{origin}', {NotebookSteps.Place(cell, index)}: {failure.Message}", failure) { Origin = origin };
        }
    }

    // A magic counts as a part of its own kind in C#, and as a part of the language that it stands in elsewhere.
    private static CellSegment AsSegment(CellPart part) => part is CellSegment segment
        ? segment with { Source = segment.Language == "csharp" ? PackageLines.Take(segment.Source).Code : segment.Source }
        : new(part.Language == "csharp" ? part.Options.Magic : part.Language, part.Options, "");

    // What a part in another language means to C#: the variable that it names.
    private static string? CSharpOf(CellSegment segment) => segment.Language switch
    {
        "csharp" => UsingDeclarations.Rewrite(segment.Source).Code,
        "sql" when segment.Options.Values.TryGetValue("name", out var name) => $"{typeof(Microsoft.Data.Analysis.DataFrame).FullName} {name} = null;",
        "set" when segment.Options.Values.TryGetValue("name", out var name) => $"dynamic {name} = null;",
        "share" when (segment.Options.Values.GetValueOrDefault("as") ?? segment.Options.Words.LastOrDefault()) is { } name => $"dynamic {name} = null;",
        _ => null,
    };

    private static CSharpCompilation Submission(string code, int cellIndex, CSharpCompilation? previous)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ScriptEnvironment.ParseOptions, path: $"Cell[{cellIndex + 1}]");
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, usings: previous is null ? ScriptEnvironment.Imports : null, allowUnsafe: true,
            metadataReferenceResolver: ScriptMetadataResolver.Default);
        return CSharpCompilation.CreateScriptCompilation(
            $"Submission{cellIndex}_{Guid.NewGuid():N}", tree, previous is null ? ScriptEnvironment.References : null, options, previous, typeof(object));
    }
}
