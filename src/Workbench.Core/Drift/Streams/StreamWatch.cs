using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.Drift.Streams;

/// <summary>
/// A detector on a stream whose rows are counted: says at which row the stream changed, and the first warning before each
/// change. Saved and loaded, it goes on with the next row. For one thread at a time.
/// </summary>
/// <example><code>
/// var watch = new StreamWatch(StreamDetectors.Create("ddm"));
/// foreach (var found in watch.Read(errors))
///     Console.WriteLine($"{found.State} at row {found.Index}");   // Warning at row 1084, Drift at row 1334
/// File.WriteAllText("watch.json", watch.Save());
/// </code></example>
/// <param name="detector">It is updated through this from now on.</param>
public sealed class StreamWatch(IStreamDetector detector)
{
    private bool _hasWarned;

    /// <summary>The detector.</summary>
    public IStreamDetector Detector { get; } = detector;
    /// <summary>Rows seen so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Takes the next row; null when there is nothing to say.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The detector does not take the value; nothing was counted.</exception>
    public StreamDetection? Update(double value)
    {
        var state = Detector.Update(value);
        long index = Rows++;
        bool speaks = state == DriftState.Drift || state == DriftState.Warning && !_hasWarned;
        _hasWarned = state switch { DriftState.Drift => false, DriftState.Warning => true, _ => _hasWarned };
        return speaks ? new(index, state, value) : null;
    }

    /// <summary>Takes rows in order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The detector does not take a value; the rows before it were taken.</exception>
    public IReadOnlyList<StreamDetection> Read(IEnumerable<double> values) => [.. values.Select(Update).OfType<StreamDetection>()];

    /// <summary>Rows, warning and detector, as JSON for <see cref="Load"/>.</summary>
    public string Save() => new JsonObject { ["rows"] = Rows, ["hasWarned"] = _hasWarned, ["watch"] = JsonNode.Parse(Detector.Save()) }.ToJsonString();

    /// <summary>Goes on where <see cref="Save"/> stopped.</summary>
    /// <exception cref="DataException">The text is no saved watch.</exception>
    public static StreamWatch Load(string json)
    {
        try
        {
            var saved = JsonNode.Parse(json);
            if (saved?["rows"] is { } rows && saved["hasWarned"] is { } warned && saved["watch"] is { } watch)
                return new(StreamDetectors.Load(watch.ToJsonString())) { Rows = rows.GetValue<long>(), _hasWarned = warned.GetValue<bool>() };
            throw new JsonException("'rows', 'hasWarned' and 'watch' are needed.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw new DataException($"This is no saved watch of a stream: {failure.Message} Start a new one.", failure);
        }
    }
}
