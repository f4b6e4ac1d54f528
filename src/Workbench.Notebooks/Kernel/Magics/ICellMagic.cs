using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary>A magic line that does something by itself.</summary>
internal interface ICellMagic
{
    /// <summary>Its name, without <c>#!</c>.</summary>
    string Name { get; }

    /// <summary>What it does, for <c>#!lsmagic</c>.</summary>
    string Summary { get; }

    /// <summary>Options that it takes, without <c>--</c>.</summary>
    IReadOnlyList<string> Options { get; }

    /// <param name="magic">The line.</param>
    /// <param name="language">The language that the cell is in at that place.</param>
    /// <param name="cell">The cell.</param>
    void Run(CellMagic magic, ICellLanguage language, CellRun cell);
}
