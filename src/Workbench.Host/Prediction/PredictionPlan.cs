using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Host.Prediction;

/// <summary>What becomes of which rows: the same inputs, model and options make the same plan, and the same plan the same parts.</summary>
internal sealed record PredictionPlan
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A column that is taken over, with DuckDB's type.</summary>
    public sealed record Column(string Name, string Type);

    /// <summary>A file; the hash is over its bytes.</summary>
    public sealed record Input(string Name, string Hash, long SizeBytes);

    /// <summary>Rows of the file at that place in the list, from the first (0 is the file's first).</summary>
    public sealed record Slice(int Input, long First, long Rows);

    /// <summary>The rows of one file of the output.</summary>
    public sealed record Part(IReadOnlyList<Slice> Slices)
    {
        [JsonIgnore]
        public long Rows => Slices.Sum(slice => slice.Rows);
    }

    public required string Model { get; init; }
    public required string ModelHash { get; init; }
    public int? ModelVersion { get; init; }
    public required int RowsPerPart { get; init; }
    public string? Id { get; init; }
    public required IReadOnlyList<Column> Keep { get; init; }
    public required IReadOnlyList<Input> Inputs { get; init; }
    public IReadOnlyList<Part> Parts { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <exception cref="DataException">It is no plan.</exception>
    public static PredictionPlan Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<PredictionPlan>(File.ReadAllText(path), Json) ?? throw new JsonException("it is null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"'{path}' is no plan of predictions: {failure.Message} Name another folder with --out.", failure) { Origin = path };
        }
    }

    /// <summary>What <paramref name="other"/> would do otherwise, parts aside; nothing when it is the same plan.</summary>
    public IEnumerable<string> Differences(PredictionPlan other)
    {
        if ((ModelHash, ModelVersion) != (other.ModelHash, other.ModelVersion))
            yield return $"the model was {Model} ({ModelHash[..19]}) and is {other.Model} ({other.ModelHash[..19]})";
        if (RowsPerPart != other.RowsPerPart)
            yield return $"--rows-per-part was {RowsPerPart} and is {other.RowsPerPart}";
        if (Id != other.Id)
            yield return $"--id was {Id ?? "left out"} and is {other.Id ?? "left out"}";
        if (!Keep.SequenceEqual(other.Keep))
            yield return $"--keep was {Names(Keep.Select(column => column.Name))} and is {Names(other.Keep.Select(column => column.Name))}";
        if (!Inputs.Select(input => input.Name).SequenceEqual(other.Inputs.Select(input => input.Name)))
            yield return $"the data were {Inputs.Count} files ({Names(Inputs.Take(3).Select(input => input.Name))}) and are {other.Inputs.Count} ({Names(other.Inputs.Take(3).Select(input => input.Name))})";
        else if (Inputs.Zip(other.Inputs).FirstOrDefault(pair => pair.First != pair.Second) is { First: { } changed })
            yield return $"the content of {changed.Name} has changed";
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } text ? text : "nothing";
}
