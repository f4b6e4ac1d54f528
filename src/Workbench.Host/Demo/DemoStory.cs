using Workbench.Drift;

namespace Workbench.Host.Demo;

/// <summary>What happened, for the report.</summary>
internal sealed class DemoStory
{
    private readonly List<StoryEvent> _events = [];

    /// <summary>Events in the order they happened, at business time.</summary>
    public IReadOnlyList<StoryEvent> Events => _events;
    /// <summary>One line a stage.</summary>
    public List<(string Title, string Line)> Stages { get; } = [];
    /// <summary>The drift check on month 13.</summary>
    public DriftReport? Drift { get; set; }
    /// <summary>Gate decisions in order, as sentences.</summary>
    public List<(bool Passed, string Message)> Gates { get; } = [];
    /// <summary>Files beside the report, by title.</summary>
    public List<(string Title, string Path)> Files { get; } = [];

    public void Add(DateTimeOffset at, string actor, string text, string? mark = null) => _events.Add(new(at, actor, text, mark));
}

/// <param name="At">Business time.</param>
/// <param name="Actor">Who.</param>
/// <param name="Text">What.</param>
/// <param name="Mark">A word or two for the accuracy chart, or null.</param>
internal sealed record StoryEvent(DateTimeOffset At, string Actor, string Text, string? Mark);
