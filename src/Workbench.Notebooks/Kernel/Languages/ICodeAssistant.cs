using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>
/// A language that helps while code is written. The code it gets is the whole cell with everything that is not of
/// this language blanked out, so positions (UTF-16) are those of the cell.
/// </summary>
internal interface ICodeAssistant
{
    /// <summary>What can stand at the position.</summary>
    Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken);

    /// <summary>What is known of the symbol at the position, by MIME type; null when there is none.</summary>
    Task<JsonObject?> InspectAsync(string code, int position, CancellationToken cancellationToken);

    /// <summary><c>complete</c>, <c>incomplete</c>, <c>invalid</c> or <c>unknown</c>.</summary>
    string Completeness(string code);
}
