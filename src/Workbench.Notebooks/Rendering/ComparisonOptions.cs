namespace Workbench.Notebooks.Rendering;

/// <summary>How two runs stand beside each other.</summary>
public sealed record ComparisonOptions
{
    /// <summary>Where A comes from, such as its path.</summary>
    public string LeftName { get; init; } = "A";

    /// <summary>Where B comes from, such as its path.</summary>
    public string RightName { get; init; } = "B";

    /// <summary>Title of the page; null takes B's first heading.</summary>
    public string? Title { get; init; }
}
