namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A language that parts of cells can be written in. Called on the kernel's execution thread.</summary>
internal interface ICellLanguage : IDisposable
{
    /// <summary>Its name in magics, without <c>#!</c>.</summary>
    string Name { get; }

    /// <summary>Options that its magic line takes, without <c>--</c>.</summary>
    IReadOnlyList<string> Options { get; }

    /// <summary>Runs one part of a cell; returns the value to show, or null for none.</summary>
    /// <param name="segment">The part.</param>
    /// <param name="cell">The cell that it belongs to: its name, its output, its end.</param>
    object? Run(CellSegment segment, CellRun cell);
}
