namespace Workbench.Notebooks.Promotion;

/// <summary>A step of which inputs and outputs are known.</summary>
internal sealed record ResolvedStep(NotebookStep Step, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Hash)
{
    public string Name => Step.Name;
}
