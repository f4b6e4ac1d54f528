using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Runs;

/// <summary>What the list of runs shows, as its address says it, so that a view can be kept as a bookmark.</summary>
internal sealed record RunFilterForm
{
    public const int PageSize = 25;

    public string Pipeline { get; init; } = "";
    public string State { get; init; } = "";
    public string Text { get; init; } = "";
    /// <summary>Hours back from now; 0 for all.</summary>
    public int Hours { get; init; }
    /// <summary>One-based.</summary>
    public int Page { get; init; } = 1;

    /// <summary>The search behind it; an unknown state asks for any.</summary>
    public RunSearch Search(DateTimeOffset now) => new()
    {
        DefinitionIds = Pipeline.Length > 0 ? [Pipeline] : [],
        SubStatuses = Enum.TryParse<RunSubStatus>(State, out var state) && Enum.IsDefined(state) ? [state] : [],
        SearchTerm = Text,
        Times = Hours > 0 ? [new(RunTime.Created, RunTimeComparison.GreaterThanOrEqual, now - TimeSpan.FromHours(Hours))] : [],
        Skip = (Math.Max(Page, 1) - 1) * PageSize,
        Take = PageSize,
    };

    /// <summary>The address of the list, relative to the host's root; what asks for nothing is left out.</summary>
    public string Address()
    {
        var parts = new List<string>();
        if (Pipeline.Length > 0)
            parts.Add($"pipeline={Uri.EscapeDataString(Pipeline)}");
        if (State.Length > 0)
            parts.Add($"state={Uri.EscapeDataString(State)}");
        if (Text.Length > 0)
            parts.Add($"text={Uri.EscapeDataString(Text)}");
        if (Hours > 0)
            parts.Add(FormattableString.Invariant($"hours={Hours}"));
        if (Page > 1)
            parts.Add(FormattableString.Invariant($"page={Page}"));
        return parts.Count == 0 ? "runs" : $"runs?{string.Join('&', parts)}";
    }
}
