using Microsoft.CodeAnalysis;
using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>Compiles what one step will run, without the other steps: a using or a package that stands in another step is missed here and not at night.</summary>
internal static class StepCompilation
{
    private static readonly SymbolDisplayFormat Source = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    /// <exception cref="DataException">The step does not compile by itself; names the cell and what is missing.</exception>
    public static void Require(NotebookDocument document, ResolvedStep step, string origin, Func<string, ITypeSymbol?> typeOf)
    {
        var own = document.Clone();
        StepNotebook.Assemble(own, step.Step, step.Inputs, name => $"default({Name(typeOf(name))})!", step.Outputs);
        foreach (var segment in NotebookCode.Compile(own, origin))
            if (segment.Error is { } error)
                throw new DataException(
                    $"Notebook '{origin}', {Place(document, segment.Cell)}: step '{step.Name}' does not compile without the cells of other steps: {error.Id}: {error.GetMessage()}. Move the using, type or function that it needs to a cell tagged 'setup'{(step.Inputs.Any(name => typeOf(name) is { } type && HasNamedTuple(type)) ? "; names of a tuple's elements do not travel, declare a record for them" : "")}.")
                { Origin = origin, Line = error.Location.GetLineSpan().StartLinePosition.Line + 1 };
    }

    private static string Place(NotebookDocument document, NotebookCell cell) => document.Cells.ToList().FindIndex(one => one.Id == cell.Id) is >= 0 and var index
        ? NotebookSteps.Place(cell, index)
        : cell.Id == StepNotebook.InputsId ? "the cell that loads the step's inputs" : "the cell that saves the step's outputs";

    // A type declared in a cell is written without the submission that holds it.
    private static string Name(ITypeSymbol? type)
    {
        if (type is null)
            return "dynamic";
        var parts = type.ToDisplayParts(Source);
        return string.Concat(parts.Where((part, index) => !IsSubmission(part) && !(index > 0 && IsSubmission(parts[index - 1]))).Select(part => part.ToString()));
    }

    private static bool HasNamedTuple(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Any(element => element.IsExplicitlyNamedTupleElement),
        INamedTypeSymbol named => named.TypeArguments.Any(HasNamedTuple),
        IArrayTypeSymbol array => HasNamedTuple(array.ElementType),
        _ => false,
    };

    private static bool IsSubmission(SymbolDisplayPart part) => part.Symbol is INamedTypeSymbol { IsScriptClass: true };
}
