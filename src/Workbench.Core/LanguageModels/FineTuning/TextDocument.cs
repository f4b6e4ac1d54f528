namespace Workbench.LanguageModels.FineTuning;

/// <summary>A text that stands for itself: the model does not look from one into another.</summary>
public sealed record TextDocument
{
    /// <summary>Its stretches, in order.</summary>
    public required IReadOnlyList<TextSegment> Segments { get; init; }

    /// <summary>The whole text.</summary>
    public string Text => string.Concat(Segments.Select(segment => segment.Text));

    /// <summary>A document that is learned as a whole.</summary>
    public static TextDocument Of(string text) => new() { Segments = [new(text)] };

    /// <summary>A document of which only the completion is learned.</summary>
    public static TextDocument Of(string prompt, string completion) => new() { Segments = [new(prompt, IsTarget: false), new(completion)] };
}
