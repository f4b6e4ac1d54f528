namespace Workbench.Notebooks.Running;

/// <summary>How a step ended.</summary>
/// <param name="Run">The run of its cells; the executed notebook lies at its output path.</param>
/// <param name="Outputs">What it hands on, artifacts as folders below the step's work folder; empty when it failed.</param>
public sealed record StepRunResult(NotebookRunResult Run, IReadOnlyList<StepValue> Outputs)
{
    /// <summary>Whether every cell ran and every output was saved.</summary>
    public bool Succeeded => Run.Succeeded;
}
