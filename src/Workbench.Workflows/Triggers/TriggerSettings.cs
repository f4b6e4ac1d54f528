using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Triggers;

/// <summary>What a trigger says of the runs that it starts: an activity's <c>customProperties</c>, or the entry itself. Immutable.</summary>
public sealed record TriggerSettings
{
    private const int LargestLimit = 10_000;

    /// <summary>What becomes of missed moments: <c>misfire</c>. Default once.</summary>
    public TriggerMisfire Misfire { get; init; } = TriggerMisfire.Once;
    /// <summary>Most runs that <c>all</c> catches up, the latest moments: <c>misfireLimit</c>. Default 100.</summary>
    public int MisfireLimit { get; init; } = 100;
    /// <summary>What happens while a run goes on: <c>overlap</c>. Default queue.</summary>
    public TriggerOverlap Overlap { get; init; } = TriggerOverlap.Queue;
    /// <summary>Whether a run that another trigger started in the same minute stands for this one too: <c>dedupe</c>; null for the type's own way.</summary>
    public bool? Dedupes { get; init; }
    /// <summary>The workflow's input that is given the payload: <c>payloadInput</c>; null for none.</summary>
    public string? PayloadInput { get; init; }
    /// <summary>Values of the workflow's inputs by name: <c>inputs</c>.</summary>
    public JsonObject Inputs { get; init; } = [];

    /// <summary>Reads the settings; what cannot be read is as if it were not there, and <see cref="Problems"/> reports it.</summary>
    public static TriggerSettings Read(JsonObject config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new()
        {
            Misfire = Choice<TriggerMisfire>(config["misfire"]) ?? TriggerMisfire.Once,
            MisfireLimit = Limit(config["misfireLimit"]) ?? 100,
            Overlap = Choice<TriggerOverlap>(config["overlap"]) ?? TriggerOverlap.Queue,
            Dedupes = WorkflowJson.Text(config["dedupe"]) switch { "minute" => true, "none" => false, _ => null },
            PayloadInput = WorkflowJson.Text(config["payloadInput"]) is { Length: > 0 } input ? input : null,
            Inputs = config["inputs"] as JsonObject ?? [],
        };
    }

    /// <summary>What is wrong with the settings.</summary>
    internal static IEnumerable<string> Problems(JsonObject config)
    {
        if (config["misfire"] is { } misfire && Choice<TriggerMisfire>(misfire) is null)
            yield return $"misfire is {misfire.ToJsonString()}; allowed are \"once\", \"all\" and \"none\".";
        if (config["misfireLimit"] is { } limit && Limit(limit) is null)
            yield return $"misfireLimit is {limit.ToJsonString()}; allowed are whole numbers from 1 to {LargestLimit}.";
        if (config["overlap"] is { } overlap && Choice<TriggerOverlap>(overlap) is null)
            yield return $"overlap is {overlap.ToJsonString()}; allowed are \"queue\", \"skip\" and \"replace\".";
        if (config["dedupe"] is { } dedupe && WorkflowJson.Text(dedupe) is not ("minute" or "none"))
            yield return $"dedupe is {dedupe.ToJsonString()}; allowed are \"minute\" and \"none\".";
        if (config["payloadInput"] is { } input && WorkflowJson.Text(input) is null)
            yield return $"payloadInput is {input.ToJsonString()}; allowed is the name of a workflow input.";
        if (config["inputs"] is { } inputs && inputs is not JsonObject)
            yield return $"inputs is {inputs.ToJsonString()}; allowed is an object of the workflow's inputs by name.";
    }

    private static T? Choice<T>(JsonNode? value) where T : struct, Enum =>
        WorkflowJson.Text(value) is { } text && !char.IsAsciiDigit(text.FirstOrDefault())
            && Enum.TryParse<T>(text, ignoreCase: true, out var choice) && Enum.IsDefined(choice) ? choice : null;

    private static int? Limit(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue<int>(out var limit) && limit is >= 1 and <= LargestLimit ? limit : null;
}
