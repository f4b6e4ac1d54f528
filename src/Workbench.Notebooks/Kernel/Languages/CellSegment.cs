namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A part of a cell in one language.</summary>
/// <param name="Language">One of <see cref="CellParser.Languages"/>.</param>
/// <param name="Options">What stood behind the magic on its line.</param>
/// <param name="Source">Its text; line n of the cell is line n of the text, because earlier lines are blank.</param>
internal sealed record CellSegment(string Language, MagicOptions Options, string Source);
