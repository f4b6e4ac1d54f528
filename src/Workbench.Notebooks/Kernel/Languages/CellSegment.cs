namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>A part of a cell: code in a language, or a magic that does something by itself.</summary>
internal abstract record CellPart(string Language, MagicOptions Options);

/// <summary>A part of a cell in one language.</summary>
/// <param name="Language">Canonical name of the language, such as <c>csharp</c>.</param>
/// <param name="Options">What stood behind the magic on its line.</param>
/// <param name="Source">Its text; line n of the cell is line n of the text, because earlier lines are blank.</param>
internal sealed record CellSegment(string Language, MagicOptions Options, string Source) : CellPart(Language, Options);

/// <summary>A magic line that does something, such as <c>#!time</c>.</summary>
/// <param name="Language">The language that the cell is in at that place.</param>
/// <param name="Options">The magic's name, words and options.</param>
internal sealed record CellMagic(string Language, MagicOptions Options) : CellPart(Language, Options);
