namespace Workbench.Notebooks.Rendering;

/// <summary>How a notebook becomes a page.</summary>
public sealed record RenderOptions
{
    /// <summary>Title of the page; null takes the notebook's first heading.</summary>
    public string? Title { get; init; }

    /// <summary>Whether code is shown without a click; by default it is folded.</summary>
    public bool ShowCode { get; init; }
}
