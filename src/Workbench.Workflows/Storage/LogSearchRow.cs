namespace Workbench.Workflows.Storage;

/// <summary>A chunk of a log in which a text was found.</summary>
internal sealed record LogSearchRow
{
    public string RunId { get; init; } = "";
    public string DefinitionId { get; init; } = "";
    public string StepId { get; init; } = "";
    public string ActivityName { get; init; } = "";
    public int Attempt { get; init; }
    public long Position { get; init; }
    public string Content { get; init; } = "";
    public long At { get; init; }

    /// <summary>The lines that hold the text.</summary>
    public IEnumerable<LogHit> Hits(string text)
    {
        var start = 0;
        foreach (var line in Content.Split('\n'))
        {
            if (line.Contains(text, StringComparison.OrdinalIgnoreCase))
                yield return new(RunId, DefinitionId, StepId, ActivityName, Attempt, Position + start, line, Clock.ToTime(At));
            start += line.Length + 1;
        }
    }
}
