namespace Workbench.Notebooks.Parameters;

/// <summary>One statement of Python at the top level, cut at its assignments.</summary>
/// <param name="Parts">Targets, then the value; one part where nothing is assigned.</param>
/// <param name="Remark">The comment behind it, or null.</param>
internal sealed record PythonLine(IReadOnlyList<string> Parts, string? Remark);
