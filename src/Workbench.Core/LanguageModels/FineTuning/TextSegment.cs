namespace Workbench.LanguageModels.FineTuning;

/// <summary>A stretch of a document.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsTarget">Whether the model is to learn to write it; a prompt it only reads.</param>
public sealed record TextSegment(string Text, bool IsTarget = true);
