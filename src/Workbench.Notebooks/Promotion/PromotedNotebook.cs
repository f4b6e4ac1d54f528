using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Promotion;

/// <summary>What a definition says about its notebook.</summary>
internal sealed record PromotedNotebook(string Path, string Hash, IReadOnlyList<NotebookParameter> Parameters);
