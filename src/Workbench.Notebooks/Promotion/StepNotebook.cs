using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Promotion;

/// <summary>The notebook that one step runs: the shared cells, a cell that loads the inputs, the step's own, and a cell that saves the outputs.</summary>
internal static class StepNotebook
{
    /// <summary>Ids of the cells that are put in.</summary>
    public const string InputsId = "step-inputs", OutputsId = "step-outputs";

    /// <summary>Assembles it in <paramref name="document"/>, into which parameters were injected already.</summary>
    /// <param name="document">The whole notebook; changed.</param>
    /// <param name="step">The step.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="load">The C# expression that loads an input.</param>
    /// <param name="outputs">Names of the variables to save.</param>
    public static void Assemble(NotebookDocument document, NotebookStep step, IReadOnlyList<string> inputs, Func<string, string> load, IReadOnlyList<string> outputs)
    {
        var kept = document.Cells.Where(cell => IsShared(cell) || step.CellIds.Contains(cell.Id)).ToList();
        int first = kept.FindIndex(cell => step.CellIds.Contains(cell.Id));
        if (inputs.Count > 0)
        {
            // A variable of a setup cell is assigned, so that the functions there see the value too.
            var declared = NotebookCode.Variables(kept.Take(first));
            kept.Insert(first, NotebookCell.Code(InputsId, string.Join('\n', inputs.Select(name => $"{(declared.Contains(name) ? "" : "var ")}{name} = {load(name)};")), InputsId));
        }
        if (outputs.Count > 0)
            kept.Add(NotebookCell.Code(OutputsId, string.Join('\n', outputs.Select(name => $"StepData.Save(\"{name}\", {name});")), OutputsId));
        document.Cells.Clear();
        foreach (var cell in kept)
            document.Cells.Add(cell);
    }

    private static bool IsShared(NotebookCell cell) =>
        cell.Type == CellType.Code && (cell.HasTag(CellTags.Setup) || cell.HasTag(CellTags.Parameters) || cell.HasTag(CellTags.InjectedParameters));
}
