namespace Workbench.Notebooks.Format;

/// <summary>Kind of a notebook cell, as nbformat's <c>cell_type</c>.</summary>
public enum CellType
{
    /// <summary>Runs on the kernel.</summary>
    Code,
    /// <summary>Text for people.</summary>
    Markdown,
    /// <summary>Text that is neither run nor rendered.</summary>
    Raw,
}
