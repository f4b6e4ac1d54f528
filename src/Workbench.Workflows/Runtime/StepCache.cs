using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>When the result of an earlier step may stand in for a new one.</summary>
internal static class StepCache
{
    /// <summary>
    /// A hash of the activity's type, its version and its evaluated inputs, whatever their order. Content that the step depends on
    /// counts as far as an input names it by its hash, as a promoted notebook step does.
    /// </summary>
    public static string Key(Activity activity, JsonObject inputs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{activity.Type}\n{activity.Version}\n{WorkflowJson.Write(Sorted(inputs))}")));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
