using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Workbench.Data;

namespace Workbench.Drift;

/// <summary>A drift report as JSON, and the schema of that JSON.</summary>
internal static class DriftReportJson
{
    /// <summary>What is written. It rises when a reader of the former one would misread a report; a new property alone does not.</summary>
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, NumberHandling = JsonNumberHandling.Strict, TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static string Write(DriftReport report) => JsonSerializer.Serialize(report, Options);

    public static DriftReport Read(string json)
    {
        try
        {
            RequireVersion(json);
            return JsonSerializer.Deserialize<DriftReport>(json, Options) ?? throw new DataException("A drift report cannot be null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"This is no drift report: {failure.Message}", failure);
        }
    }

    /// <summary>JSON Schema, draft 2020-12, made from the types themselves.</summary>
    public static string Schema()
    {
        var schema = Options.GetJsonSchemaAsNode(typeof(DriftReport), new() { TreatNullObliviousAsNonNullable = true }).AsObject();
        var named = new JsonObject { ["$schema"] = "https://json-schema.org/draft/2020-12/schema", ["title"] = "Workbench drift report", ["description"] = $"What DriftReport.ToJson() writes, schemaVersion {Version}." };
        foreach (var (name, value) in schema)
            named[name] = value?.DeepClone();
        return named.ToJsonString(Options).ReplaceLineEndings("\n") + "\n";
    }

    // A later version may look alike and mean something else.
    private static void RequireVersion(string json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException($"it is {document.RootElement.ValueKind.ToString().ToLowerInvariant()}, not an object.");
        if (document.RootElement.TryGetProperty("schemaVersion", out var version) && (!version.TryGetInt32(out int number) || number is < 1 or > Version))
            throw new DataException($"This drift report has schemaVersion {version.GetRawText()}; this program reads 1 to {Version}. Read it with the Workbench that wrote it or a newer one.");
    }
}
