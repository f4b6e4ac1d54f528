namespace Workbench.Notebooks.Format;

/// <summary>Tags that mean something to Workbench; the first two are papermill's.</summary>
public static class CellTags
{
    /// <summary>The cell that declares parameters with their defaults.</summary>
    public const string Parameters = "parameters";
    /// <summary>The cell that a run inserts after <see cref="Parameters"/>.</summary>
    public const string InjectedParameters = "injected-parameters";
    /// <summary>A cell that every step runs first: usings, types, functions.</summary>
    public const string Setup = "setup";
    /// <summary>Beginning of the tag that assigns a cell to a step: <c>step:train</c>.</summary>
    public const string StepPrefix = "step:";
    /// <summary>Markdown cells that papermill and we put before a failed cell and on top.</summary>
    public const string ErrorMarker = "papermill-error-cell-tag";
}
