using System.Text.Json;

namespace Workbench.TestRank;

/// <summary>What a rank tells its test.</summary>
internal static class Line
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes <paramref name="finding"/> as one line of JSON, at once. Thread-safe.</summary>
    public static void Write(object finding)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(finding, Options));
        Console.Out.Flush();
    }
}
