using System.Text.Json.Nodes;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Which step of which notebook runs, with which values.</summary>
[Activity(RunNotebookStep.Type, DisplayName = "Run notebook step", Category = "Notebooks", Kind = ActivityKind.Job, HasOpenOutputs = true,
    Description = "Runs the cells that carry the tag step:NAME of a notebook; what it runs is pinned by its hash.")]
internal sealed record RunNotebookStepOptions
{
    [Input("Path of the notebook, relative to the project.")]
    public required string Notebook { get; init; }
    [Input("Name of the step.")]
    public required string Step { get; init; }
    [Input("Hash of what the step ran when it was promoted: its cells and those tagged setup and parameters; another one is refused.")]
    public string? StepHash { get; init; }
    [Input("Hash of the whole notebook when it was promoted; refused when it is another and there is no stepHash.")]
    public string? NotebookHash { get; init; }
    [Input("Values for the notebook's parameters.", Language = "json")]
    public JsonObject Parameters { get; init; } = [];
    [Input("Values from earlier steps, by variable name.", Language = "json")]
    public JsonObject StepInputs { get; init; } = [];
    [Input("Names of the variables to hand on.")]
    public IReadOnlyList<string> StepOutputs { get; init; } = [];
}
