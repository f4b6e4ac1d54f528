using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Training;

/// <summary>The file <c>model.json</c> beside a model's weights: a description under its format's name and a hash of its own.</summary>
internal static class ModelCardFile
{
    private const string FileName = "model.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };
    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes a description into a folder.</summary>
    public static void Write<T>(string folder, string format, T card)
    {
        var model = JsonSerializer.SerializeToNode(card, Json);
        var file = new JsonObject { ["format"] = format, ["hash"] = Hash(model), ["model"] = model };
        File.WriteAllText(Path.Combine(folder, FileName), file.ToJsonString(Indented) + "\n");
    }

    /// <summary>Reads what <see cref="Write"/> wrote under one of <paramref name="formats"/>.</summary>
    /// <exception cref="DataException">The file is missing, cut, changed or of another format.</exception>
    public static T Read<T>(string folder, params string[] formats)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing. Save the model again, or fetch it from the registry.") { Origin = path };
        try
        {
            var file = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no JSON object");
            string format = file["format"]?.GetValue<string>() ?? "";
            if (!formats.Contains(format))
                throw new JsonException($"its format is '{format}', and {string.Join(" and ", formats.Select(known => $"'{known}'"))} {(formats.Length == 1 ? "is" : "are")} known here");
            if (file["hash"]?.GetValue<string>() != Hash(file["model"]))
                throw new JsonException("its content does not match its hash");
            return file["model"].Deserialize<T>(Json) ?? throw new JsonException("its model is null");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DataException($"'{path}' is no whole model description: {failure.Message}. Save the model again, or fetch it from the registry.", failure)
            { Origin = path };
        }
    }

    private static string Hash(JsonNode? model) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(model?.ToJsonString(Json) ?? "")))}";
}
