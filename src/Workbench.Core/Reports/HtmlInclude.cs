namespace Workbench.Reports;

/// <summary>What a kind of sections brings along: a style, a script, and the figures that the script draws.</summary>
/// <param name="Style">CSS, after the report's own.</param>
/// <param name="Script">Runs once the page is read; the policy lets it run by its hash.</param>
/// <param name="DataId">Id of the element that holds the figures; one a page.</param>
/// <param name="Json">The figures. Every &lt; in it is escaped, so that no value can end the element.</param>
internal sealed record HtmlInclude(string Style, string Script, string DataId, string Json);
