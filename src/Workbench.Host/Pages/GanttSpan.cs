namespace Workbench.Host.Pages;

/// <summary>A bar of time.</summary>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; null while it lasts.</param>
/// <param name="State">What it was, which gives the colour.</param>
/// <param name="Title">What it says to a pointer or a screen reader.</param>
/// <param name="Href">Where it leads, relative to the host's root.</param>
public sealed record GanttSpan(DateTimeOffset From, DateTimeOffset? To, string State, string Title, string Href);
