using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// What a definition remembers of its promotion, in <c>customProperties.notebook</c>: the notebook, the cells that its
/// steps run (a check shows what changed without the old notebook), the options (they need not be repeated), and the
/// definition as it was generated (a later promotion tells the designer's edits from its own work).
/// </summary>
/// <param name="Path">The notebook, relative to the project.</param>
/// <param name="Hash">Hash of the whole notebook.</param>
/// <param name="Kernel">Kernel that the notebook asks for, or null.</param>
/// <param name="Cells">Cells that steps run, in order.</param>
/// <param name="Options">Cron, time zone, model, candidate, defaults.</param>
/// <param name="Generated">The definition without this record.</param>
internal sealed record PromotionRecord(string Path, string Hash, string? Kernel, IReadOnlyList<StepCell> Cells, JsonObject Options, JsonObject Generated)
{
    public const string Property = "notebook";

    /// <summary>The record of a definition.</summary>
    /// <exception cref="DataException">The definition has none, or it is damaged.</exception>
    public static PromotionRecord Of(JsonObject definition, string origin)
    {
        if (definition["customProperties"]?[Property] is not JsonObject record || record["generated"] is null)
            throw new DataException(
                $"The workflow '{origin}' holds no record of a promotion (customProperties.{Property}), so what was drawn in the designer cannot be told from what was promoted. Promote to another file, or delete this one.")
            { Origin = origin };
        try
        {
            var cells = record["cells"]!.AsArray().Select(cell => new StepCell((string)cell!["id"]!, (string)cell["role"]!, string.Join('\n', cell["source"]!.AsArray().Select(line => (string)line!))));
            return new((string)record["path"]!, (string)record["hash"]!, (string?)record["kernel"], [.. cells], record["options"]!.DeepClone().AsObject(), JsonNode.Parse((string)record["generated"]!)!.AsObject());
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new DataException($"The record of the promotion in '{origin}' (customProperties.{Property}) is damaged: {failure.Message} Restore the file from version control, or promote to another file.", failure) { Origin = origin };
        }
    }

    // The generated definition is kept as text: what stores and draws definitions leaves a text alone.
    public JsonObject ToJson() => new()
    {
        ["path"] = Path,
        ["hash"] = Hash,
        ["kernel"] = Kernel,
        ["options"] = Options.DeepClone(),
        ["cells"] = new JsonArray([.. Cells.Select(ToJson)]),
        ["generated"] = Generated.ToJsonString(NotebookPromoter.Compact),
    };

    private static JsonNode ToJson(StepCell cell) => new JsonObject
    {
        ["id"] = cell.Id,
        ["role"] = cell.Role,
        ["source"] = new JsonArray([.. cell.Source.Split('\n').Select(line => (JsonNode?)line)]),
    };
}
