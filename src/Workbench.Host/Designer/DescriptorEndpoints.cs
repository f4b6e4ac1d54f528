using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>What the designer may offer: activities, expressions, types, strategies.</summary>
internal static class DescriptorEndpoints
{
    private static readonly IReadOnlyList<string> VariableTypes =
        ["String", "Boolean", "Int32", "Int64", "Single", "Double", "Decimal", "Guid", "DateTime", "DateTimeOffset", "TimeSpan", "Object"];

    private const string JavaScript = "JavaScript";
    // The client's editor for expressions fails without a language beside the plain ones.
    private static readonly IReadOnlyList<string> ExpressionTypes = [.. Expression.SupportedTypes.Append(JavaScript).Distinct()];

    public static void MapDescriptors(this IEndpointRouteBuilder api)
    {
        api.MapGet("/package/version", () => Json(new JsonObject { ["packageVersion"] = StudioFiles.Version }));
        api.MapGet("/features/installed", () => Json(DesignerJson.None));
        api.MapGet("/features/installed/{name}", (string name) => Problem.NotFound("feature", name));
        api.MapGet("/descriptors/activities", () => Json(DesignerJson.Items(ActivityDescriptorView.All())));
        api.MapPost("/descriptors/activities/{type}/options/{property}", (string type, string property) => Json(new JsonObject { ["items"] = ActivityDescriptorView.Options(type, property) }));
        api.MapGet("/descriptors/expression-descriptors", () => Json(DesignerJson.Items(ExpressionTypes.Select(ExpressionType))));
        api.MapGet("/descriptors/variables", () => Json(DesignerJson.Items(VariableTypes.Select(type =>
            new JsonObject { ["typeName"] = type, ["displayName"] = type, ["category"] = "Primitives", ["description"] = null }))));
        api.MapGet("/descriptors/storage-drivers", () => Json(DesignerJson.Items([new JsonObject
        {
            ["typeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", ["displayName"] = "Run", ["priority"] = 0, ["deprecated"] = false,
        }])));
        api.MapGet("/descriptors/incident-strategies", () => Json(DesignerJson.Items(
        [
            Strategy("FaultStrategy", "Fault", "Nothing new starts after a failed activity; running ones end, then the run is faulted."),
            Strategy("ContinueWithIncidentsStrategy", "Continue with incidents", "The other branches go on; the run ends faulted, with its incidents."),
        ])));
        foreach (var none in (string[])["workflow-activation-strategies", "log-persistence-strategies", "commit-strategies/workflows", "commit-strategies/activities", "output-converters"])
            api.MapGet($"/descriptors/{none}", () => Json(DesignerJson.None));
        api.MapGet("/resilience/strategies", () => Json(DesignerJson.None));
        api.MapGet("/resilience/retries/{id}", (string id) => Json(DesignerJson.Page([], 0)));
        api.MapPost("/scripting/javascript/type-definitions/{id}", (string id) => Results.Text("", "application/x-typescript"));
        api.MapPost("/tasks/{id}/complete", (string id) => Problem.NotFound("waiting task", id));
    }

    private static JsonObject ExpressionType(string type) => new()
    {
        ["type"] = type, ["displayName"] = type == Expression.Literal ? "Default" : type, ["isSerializable"] = true, ["isBrowsable"] = type is not (Expression.Literal or Expression.Object),
        ["properties"] = type switch
        {
            Expression.Object => new JsonObject { ["MonacoLanguage"] = "json" },
            JavaScript => new JsonObject { ["MonacoLanguage"] = "javascript" },
            _ => new JsonObject(),
        },
    };

    private static JsonObject Strategy(string name, string label, string description) => new()
    {
        ["typeName"] = $"Elsa.Workflows.IncidentStrategies.{name}, Elsa.Workflows.Core", ["displayName"] = label, ["description"] = description,
    };
}
