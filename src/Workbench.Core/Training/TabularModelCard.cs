using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Training;

/// <summary>What <c>model.json</c> holds: everything about a trained model but its weights, under a hash of its own.</summary>
internal sealed record TabularModelCard
{
    private const string FileName = "model.json";
    private const string CurrentFormat = "workbench.tabular/2";
    private const string FirstFormat = "workbench.tabular/1";   // binary networks only; every member it has is still one
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };
    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true, NewLine = "\n" };

    public required TabularPreprocessor Preprocessor { get; init; }
    public required TabularTrainingOptions Options { get; init; }
    public required string TrainedOn { get; init; }
    public required IReadOnlyList<EpochResult> History { get; init; }
    public required int BestEpoch { get; init; }
    public required string WeightsHash { get; init; }

    /// <summary>Writes <c>model.json</c> into a folder.</summary>
    public void Write(string folder)
    {
        var model = JsonSerializer.SerializeToNode(this, Json);
        var file = new JsonObject { ["format"] = CurrentFormat, ["hash"] = Hash(model), ["model"] = model };
        File.WriteAllText(Path.Combine(folder, FileName), file.ToJsonString(Indented) + "\n");
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="DataException">The file is missing, cut, changed or of another format.</exception>
    public static TabularModelCard Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new DataException($"'{path}' is missing. Save the model again, or fetch it from the registry.") { Origin = path };
        try
        {
            var file = JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("it is no JSON object");
            string format = file["format"]?.GetValue<string>() ?? "";
            if (format is not (CurrentFormat or FirstFormat))
                throw new JsonException($"its format is '{format}', and '{FirstFormat}' and '{CurrentFormat}' are known");
            if (file["hash"]?.GetValue<string>() != Hash(file["model"]))
                throw new JsonException("its content does not match its hash");
            return file["model"].Deserialize<TabularModelCard>(Json) ?? throw new JsonException("its model is null");
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
