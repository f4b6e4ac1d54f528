using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Makes a pipeline of a notebook's tagged cells: an Elsa 3 flowchart with one activity a step, pinned to the notebook
/// by hash. The same notebook and options give the same definition.
/// </summary>
public static class NotebookPromoter
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The definition as Elsa 3 JSON.</summary>
    /// <param name="notebookPath">The notebook.</param>
    /// <param name="options">Schedule, gate, triggers.</param>
    /// <exception cref="DataException">
    /// No cell is tagged, a tag and its details disagree, a step does not compile, uses what it does not have, or hands on
    /// what cannot travel; the message names cell and variable.
    /// </exception>
    /// <exception cref="ArgumentException">A trigger has no type.</exception>
    public static JsonObject Promote(string notebookPath, PromotionOptions options)
    {
        if (options.Triggers.Any(trigger => trigger["type"]?.ToString() is not { Length: > 0 }))
            throw new ArgumentException("Every trigger needs a 'type', such as drift or metric.", nameof(options));
        var document = NotebookDocument.Load(notebookPath);
        var steps = StepAnalysis.Resolve(document, notebookPath, options.ModelName is null ? null : options.CandidateVariable);
        if (steps.Count == 0)
            throw new DataException($"Notebook '{notebookPath}' has no steps to promote. Tag cells with step:NAME.") { Origin = notebookPath };
        RequireCandidate(notebookPath, options, steps);
        var notebook = new PromotedNotebook(Reference(notebookPath, options), NotebookHash.Of(document).Value, Parameters(document, notebookPath, options));
        return new FlowchartBuilder(notebook, steps, options).Build();
    }

    /// <summary>Promotes into a file: an existing definition there is brought up to date and keeps its layout.</summary>
    /// <param name="notebookPath">The notebook.</param>
    /// <param name="workflowPath">The definition's file.</param>
    /// <param name="options">Schedule, gate, triggers.</param>
    /// <returns>The definition as written.</returns>
    /// <exception cref="DataException">As <see cref="Promote"/>, or the file is damaged or cannot be written.</exception>
    public static JsonObject PromoteToFile(string notebookPath, string workflowPath, PromotionOptions options)
    {
        try
        {
            var existing = File.Exists(workflowPath) ? JsonNode.Parse(File.ReadAllText(workflowPath)) as JsonObject : null;
            var definition = Promote(notebookPath, options with { Existing = existing ?? options.Existing });
            var full = Path.GetFullPath(workflowPath);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!); // a full path to a file has a folder
            var temporary = $"{full}.{Environment.ProcessId}.tmp";
            File.WriteAllText(temporary, definition.ToJsonString(Layout) + "\n");
            File.Move(temporary, full, overwrite: true);
            return definition;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot promote to '{workflowPath}': {failure.Message} Mend or remove the file, or name another.", failure) { Origin = workflowPath };
        }
    }

    private static List<NotebookParameter> Parameters(NotebookDocument document, string notebookPath, PromotionOptions options)
    {
        var parameters = NotebookParameters.Read(document).Where(parameter => parameter.Default is not null).ToList();
        var names = parameters.Select(parameter => parameter.Name).ToList();
        if (options.Defaults.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new DataException($"Notebook '{notebookPath}' has no parameter '{unknown}'.{Suggestion.DidYouMean(unknown, names)} Known: {string.Join(", ", names)}.") { Origin = notebookPath, Value = unknown };
        return [.. parameters.Select(parameter => options.Defaults.TryGetValue(parameter.Name, out var value) ? parameter with { Default = value } : parameter)];
    }

    private static string Reference(string notebookPath, PromotionOptions options) =>
        Path.GetRelativePath(options.BaseDirectory ?? Directory.GetCurrentDirectory(), notebookPath).Replace('\\', '/');

    private static void RequireCandidate(string notebookPath, PromotionOptions options, IReadOnlyList<ResolvedStep> steps)
    {
        if (options.ModelName is null || steps.Any(step => step.Outputs.Contains(options.CandidateVariable)))
            return;
        var known = steps.SelectMany(step => step.Outputs).Distinct().ToList();
        throw new DataException(
            $"Notebook '{notebookPath}': the gate of model '{options.ModelName}' needs the new version in a variable '{options.CandidateVariable}', and no step declares one. Steps hand on: {(known.Count == 0 ? "nothing" : string.Join(", ", known))}. Declare it in the step that registers the model.")
        { Origin = notebookPath, Value = options.CandidateVariable };
    }
}
