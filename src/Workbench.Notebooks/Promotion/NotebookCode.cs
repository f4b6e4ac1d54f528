using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Scripting;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Promotion;

/// <summary>A part of a cell as the compiler sees it.</summary>
/// <param name="Cell">Its cell.</param>
/// <param name="CellIndex">Place of the cell, zero-based.</param>
/// <param name="Segment">The part.</param>
/// <param name="Compilation">The compilation of a C# part, or of the variable that a SQL part declares; null for the rest.</param>
internal sealed record CompiledSegment(NotebookCell Cell, int CellIndex, CellSegment Segment, CSharpCompilation? Compilation)
{
    public SyntaxTree? Tree => Compilation?.SyntaxTrees.Single();
}

/// <summary>The code cells of a notebook compiled in their order, one submission after another, without being run.</summary>
internal static class NotebookCode
{
    /// <exception cref="ArgumentException">A cell has an unknown magic.</exception>
    public static IReadOnlyList<CompiledSegment> Compile(NotebookDocument document)
    {
        var segments = new List<CompiledSegment>();
        CSharpCompilation? previous = null;
        for (int index = 0; index < document.Cells.Count; index++)
        {
            var cell = document.Cells[index];
            if (cell.Type != CellType.Code || cell.HasTag(CellTags.InjectedParameters))
                continue;
            foreach (var segment in CellParser.Parse(cell.SourceToRun(document)).OfType<CellSegment>())
            {
                var compilation = CSharpOf(segment) is { } code ? Submission(code, index, previous) : null;
                previous = compilation ?? previous;
                segments.Add(new(cell, index, segment, compilation));
            }
        }
        return segments;
    }

    // What a SQL part means to C#: the variable that it names.
    private static string? CSharpOf(CellSegment segment) => segment.Language switch
    {
        "csharp" => segment.Source,
        "sql" when segment.Options.Values.TryGetValue("name", out var name) => $"{typeof(Microsoft.Data.Analysis.DataFrame).FullName} {name} = null;",
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
