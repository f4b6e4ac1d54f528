using System.Globalization;

namespace Workbench.Monitoring;

/// <summary>A prediction as it is written ahead: numbers and texts apart, so that NaN, which JSON spells as a string, stays a number.</summary>
internal sealed record PredictionLine(
    string Id, int Version, long AtMicroseconds, double Score, int? Predicted, Dictionary<string, double?> Numbers, Dictionary<string, string> Texts)
{
    private static readonly string[] OwnColumns = ["prediction_id", "model_version", "predicted_at", "score", "predicted"];
    private static readonly HashSet<string> Reserved = new([.. OwnColumns, "model", "filename", "file_row_number"], StringComparer.OrdinalIgnoreCase);

    /// <exception cref="ArgumentException">An input has a reserved name, a name that occurs twice, or a value of another type.</exception>
    public static PredictionLine From(PredictionRecord record)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Id);
        var numbers = new Dictionary<string, double?>();
        var texts = new Dictionary<string, string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in record.Inputs)
        {
            if (name.Length == 0 || Reserved.Contains(name) || !seen.Add(name))
                throw new ArgumentException(
                    $"Input '{name}' of model '{record.Model}' cannot be logged: names are unique without regard to case, not empty, and none of {string.Join(", ", Reserved)}. Rename the column.");
            if (value is string text)
                texts.Add(name, text);
            else
                numbers.Add(name, ToNumber(record.Model, name, value));
        }
        return new PredictionLine(record.Id, record.Version, EventTime.Microseconds(record.At), record.Score, record.Label, numbers, texts);
    }

    public static void WriteParquet(string path, IReadOnlyList<PredictionLine> lines)
    {
        var columns = new List<ParquetColumn>
        {
            new(OwnColumns[0], "varchar", row => lines[row].Id),
            new(OwnColumns[1], "integer", row => lines[row].Version),
            new(OwnColumns[2], "timestamp", row => EventTime.ToDateTime(lines[row].AtMicroseconds)),
            new(OwnColumns[3], "double", row => lines[row].Score),
            new(OwnColumns[4], "integer", row => lines[row].Predicted),
        };
        var texts = lines.SelectMany(line => line.Texts.Keys).Distinct().ToList();
        var numbers = lines.SelectMany(line => line.Numbers.Keys).Distinct().Except(texts).ToList();
        columns.AddRange(numbers.Select(name => new ParquetColumn(name, "double", row => lines[row].Numbers.GetValueOrDefault(name))));
        columns.AddRange(texts.Select(name => new ParquetColumn(name, "varchar", row => lines[row].Texts.GetValueOrDefault(name))));
        EventParquet.Write(path, columns, lines.Count);
    }

    private static double? ToNumber(string model, string name, object? value) => value switch
    {
        null => null,
        bool flag => flag ? 1 : 0,
        double or float or decimal or sbyte or byte or short or ushort or int or uint or long or ulong =>
            Convert.ToDouble(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException(
            $"Input '{name}' of model '{model}' is a {value.GetType().Name}; the log takes numbers, booleans, strings and null. Convert it first."),
    };
}
