namespace Workbench.Host.Designer;

/// <summary>What became of an activity in a run, as its box in the drawing shows it.</summary>
/// <param name="State">State of its last step, which gives the colour; an empty text when its turn has not come.</param>
/// <param name="Text">The state in words, below the name.</param>
/// <param name="Href">Where the box leads, or null.</param>
/// <param name="IsChosen">Whether the page shows its details.</param>
internal sealed record NodeMark(string State, string Text, string? Href = null, bool IsChosen = false);
