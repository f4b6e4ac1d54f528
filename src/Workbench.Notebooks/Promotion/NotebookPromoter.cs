using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Parameters;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Makes a pipeline of a notebook's tagged cells: an Elsa 3 flowchart with one activity a step, pinned to what the step
/// runs. The same notebook and options give the same definition.
/// </summary>
public static class NotebookPromoter
{
    internal static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSerializerOptions Layout = new(Compact) { WriteIndented = true, NewLine = "\n" };

    /// <summary>
    /// The definition, and what the promotion did. With <see cref="PromotionOptions.Existing"/> it is brought up to date: what
    /// the last promotion wrote and nobody changed follows the notebook, what the designer drew or changed stays.
    /// </summary>
    /// <param name="notebookPath">The notebook.</param>
    /// <param name="options">Schedule, gate, triggers.</param>
    /// <exception cref="DataException">
    /// No cell is tagged, a tag and its details disagree, a step does not compile, uses what it does not have, or hands on
    /// what cannot travel; or notebook and designer changed the same thing. The message names cell and variable, or activity.
    /// </exception>
    /// <exception cref="ArgumentException">A trigger has no type.</exception>
    public static PromotedWorkflow Promote(string notebookPath, PromotionOptions options) => Promote(notebookPath, options, options.DefinitionId);

    /// <summary>Promotes into a file: an existing definition there is brought up to date. Where nothing changes, the file is left alone.</summary>
    /// <param name="notebookPath">The notebook.</param>
    /// <param name="workflowPath">The definition's file.</param>
    /// <param name="options">Schedule, gate, triggers; what is left out is as in the existing definition.</param>
    /// <param name="write">False only says what would be written.</param>
    /// <exception cref="DataException">As <see cref="Promote(string, PromotionOptions)"/>, or the file is damaged or cannot be written; it is as before then.</exception>
    public static PromotedWorkflow PromoteToFile(string notebookPath, string workflowPath, PromotionOptions options, bool write = true)
    {
        var existing = File.Exists(workflowPath) || Directory.Exists(workflowPath) ? ReadDefinition(workflowPath) : null;
        var promoted = Promote(notebookPath, options with { Existing = existing ?? options.Existing }, workflowPath);
        if (write && (existing is null || !JsonNode.DeepEquals(existing, promoted.Definition)))
            AtomicFile.WriteAllText(workflowPath, promoted.Definition.ToJsonString(Layout) + "\n");
        return promoted;
    }

    /// <summary>Which steps changed since they were promoted, each with a diff of its cells; empty when none did.</summary>
    /// <param name="notebookPath">The notebook as it is now; it need not compile.</param>
    /// <param name="workflowPath">The definition's file.</param>
    /// <exception cref="DataException">A file cannot be read, the definition holds no record of a promotion, or a step's tag and details disagree.</exception>
    public static IReadOnlyList<StepChange> Check(string notebookPath, string workflowPath)
    {
        var record = PromotionRecord.Of(ReadDefinition(workflowPath), workflowPath);
        var document = NotebookDocument.Load(notebookPath);
        return StepComparison.Compare(record, document, NotebookSteps.Read(document, notebookPath));
    }

    private static PromotedWorkflow Promote(string notebookPath, PromotionOptions options, string origin)
    {
        if (options.Triggers.Any(trigger => trigger["type"]?.ToString() is not { Length: > 0 }))
            throw new ArgumentException("Every trigger needs a 'type', such as drift or metric.", nameof(options));
        var document = NotebookDocument.Load(notebookPath);
        var last = options.Existing is { } existing ? PromotionRecord.Of(existing, origin) : null;
        var effective = last is null ? options : options.WithDefaultsFrom(last.Options);
        var analysis = StepAnalysis.Of(document, notebookPath, effective.ModelName is null ? null : effective.CandidateVariable);
        if (analysis.Steps.Count == 0)
            throw new DataException($"Notebook '{notebookPath}' has no steps to promote. Tag cells with step:NAME.") { Origin = notebookPath };
        RequireCandidate(notebookPath, effective, analysis.Steps);
        var record = Record(document, notebookPath, options, effective, analysis.Steps);
        var promoted = last is null ? First(record) : Again(options.Existing!, last, record, origin); // last comes from it
        return promoted with { Warnings = analysis.Warnings };
    }

    private static JsonObject ReadDefinition(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("It holds no JSON object.");
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read the workflow '{path}': {failure.Message} Mend or remove the file, or name another.", failure) { Origin = path };
        }
    }

    private static PromotionRecord Record(NotebookDocument document, string notebookPath, PromotionOptions options, PromotionOptions effective, IReadOnlyList<ResolvedStep> steps)
    {
        var notebook = new PromotedNotebook(Reference(notebookPath, options), NotebookHash.Of(document).Value, Parameters(document, notebookPath, options, effective));
        var generated = new FlowchartBuilder(notebook, steps, effective).Build();
        return new(notebook.Path, notebook.Hash, document.KernelName, StepCell.Read(document, [.. steps.Select(step => step.Step)]), effective.ToJson(), generated);
    }

    private static PromotedWorkflow First(PromotionRecord record)
    {
        var definition = record.Generated.DeepClone().AsObject();
        definition["customProperties"]![PromotionRecord.Property] = record.ToJson(); // Build wrote it
        return new() { Definition = definition, Notebook = record.Path, Added = [.. record.Generated["root"]!["activities"]!.AsArray().Select(JsonMerge.Key)] }; // and these
    }

    private static PromotedWorkflow Again(JsonObject existing, PromotionRecord last, PromotionRecord record, string origin)
    {
        if (last.Path != record.Path && !last.Cells.Select(cell => cell.Id).Intersect(record.Cells.Select(cell => cell.Id)).Any())
            throw new DataException($"The workflow '{origin}' was promoted from '{last.Path}', which shares no cell with '{record.Path}'. Promote this notebook to another file, or delete the old one.") { Origin = origin };
        return DefinitionMerge.Merge(existing, record, origin);
    }

    private static List<NotebookParameter> Parameters(NotebookDocument document, string notebookPath, PromotionOptions options, PromotionOptions effective)
    {
        var parameters = NotebookParameters.Read(document).Where(parameter => parameter.Default is not null).ToList();
        var names = parameters.Select(parameter => parameter.Name).ToList();
        if (options.Defaults.Keys.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new DataException($"Notebook '{notebookPath}' has no parameter '{unknown}'.{Suggestion.DidYouMean(unknown, names)} Known: {string.Join(", ", names)}.") { Origin = notebookPath, Value = unknown };
        return [.. parameters.Select(parameter => effective.Defaults.TryGetValue(parameter.Name, out var value) ? parameter with { Default = value } : parameter)];
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
