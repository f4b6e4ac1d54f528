using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Registry;

/// <summary>JSON in database columns; NaN and infinity are written as the strings "NaN" and "Infinity".</summary>
internal static class RegistryJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new RegistryException($"A database column should hold a JSON object and holds '{json}'.");
}
