using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data;
using Workbench.Drift.Causes;
using Workbench.Drift.Chunks;

namespace Workbench.Drift;

/// <summary>
/// What to compare and how, in words: what a file, a command line or a pipeline says. <see cref="ToOptions"/> makes
/// <see cref="DriftOptions"/> of it. The names are those of the options of <c>workbench drift</c>.
/// </summary>
/// <example><code>{ "exclude": ["churned"], "kind": { "code": "categorical" }, "test": { "price": "ks:0.01" } }</code></example>
public sealed record DriftSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, Converters = { new OneOrMoreTexts() },
    };

    /// <summary>Whose tests and rules stand where nothing else is said: workbench, evidently or nannyml.</summary>
    public string? Preset { get; init; }
    /// <summary>Columns to compare; null means all that both sides have.</summary>
    public IReadOnlyList<string>? Columns { get; init; }
    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }
    /// <summary>Kinds by column, such as categorical; null infers all.</summary>
    public IReadOnlyDictionary<string, string>? Kind { get; init; }
    /// <summary>Tests by column, each a name or name:threshold, such as ks:0.01; null takes the preset's.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Test { get; init; }
    /// <summary>How p-values are adjusted: none, bonferroni or benjaminiHochberg.</summary>
    public string? Correction { get; init; }
    /// <summary>Column of the labels or values to predict.</summary>
    public string? Target { get; init; }
    /// <summary>Column of the model's answers.</summary>
    public string? Prediction { get; init; }
    /// <summary>Share of drifted columns from which the data set drifts, in (0, 1]; null takes the preset's.</summary>
    public double? DriftShare { get; init; }
    /// <summary>Share of the current rows from which a new category is drift, in (0, 1].</summary>
    public double? NewCategoryShare { get; init; }
    /// <summary>How the current rows are split into chunks: hour, day, week, month, quarter, year, 1000rows, 10chunks; null for none.</summary>
    public string? By { get; init; }
    /// <summary>Column with the time of a row, for <see cref="By"/> and <see cref="Season"/>; null takes the only date or timestamp.</summary>
    public string? Time { get; init; }
    /// <summary>From where on a chunk's statistic is an alert: test, std:3, std:1,3 (down, up), quantile:0.99, quantile:0.01,0.99, constant:0.2; null takes the mean and three deviations of the reference's chunks.</summary>
    public string? Threshold { get; init; }
    /// <summary>Compares with reference rows of the same season only: hourOfDay, weekday, month, quarter; null with all.</summary>
    public string? Season { get; init; }
    /// <summary>How exactly large numeric columns are measured: decide, sketch or exact.</summary>
    public string? Precision { get; init; }
    /// <summary>Memory that the comparison may take, such as 2GB, at least 128MB.</summary>
    public string? Memory { get; init; }
    /// <summary>Whether columns are compared together, by reconstruction and a classifier; null does not.</summary>
    public bool? Multivariate { get; init; }
    /// <summary>Whether correlations of pairs of columns are compared; null does not.</summary>
    public bool? Correlations { get; init; }
    /// <summary>Whether the data's quality is looked at too; null does not.</summary>
    public bool? Quality { get; init; }
    /// <summary>Columns of numbers, such as predictions or errors, whose change is explained; an empty list looks for rows that became more or fewer; null looks for no causes.</summary>
    public IReadOnlyList<string>? Causes { get; init; }
    /// <summary>Columns read at the same time.</summary>
    public int? Workers { get; init; }

    /// <summary>Reads the settings of a JSON file.</summary>
    /// <exception cref="DataException">The file is not there, or is no such settings.</exception>
    public static DriftSettings Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (DataException failure)
        {
            throw new DataException($"'{path}': {failure.Message}", failure) { Origin = path };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The settings '{path}' cannot be read: {failure.Message}", failure) { Origin = path };
        }
    }

    /// <summary>Reads settings from JSON. Names and JSON are checked here, values by <see cref="Findings"/> and <see cref="ToOptions"/>.</summary>
    /// <exception cref="DataException">The text is no such settings.</exception>
    public static DriftSettings Parse(string json)
    {
        try
        {
            RequireKnownNames(json);
            return JsonSerializer.Deserialize<DriftSettings>(json, Json) ?? throw new JsonException("they are null.");
        }
        catch (JsonException failure)
        {
            throw new DataException($"These are no drift settings: {failure.Message}", failure);
        }
    }

    /// <summary>All that is wrong: the setting, and what of it, with what is allowed.</summary>
    public IReadOnlyList<(string Setting, string Problem)> Findings()
    {
        var reading = new SettingReader();
        Read(reading);
        return reading.Findings;
    }

    /// <summary>The options that these settings stand for.</summary>
    /// <param name="progress">Told after each column; null for nobody.</param>
    /// <exception cref="DataException">A setting is wrong; the message lists all that are.</exception>
    public DriftOptions ToOptions(IProgress<DriftProgress>? progress = null)
    {
        var reading = new SettingReader();
        var read = Read(reading);
        if (reading.Findings.Count > 0)
            throw new DataException("The drift settings do not fit: " + string.Join(" ", reading.Findings.Select(finding => $"{finding.Setting} {finding.Problem}")));
        var defaults = new DriftOptions { Preset = read.Preset };
        var options = new DriftOptions
        {
            Preset = read.Preset, Columns = Columns, Exclude = Exclude ?? [], Target = Target, Prediction = Prediction, Progress = progress, Causes = CauseOptions(), Quality = Quality ?? false,
            Precision = read.Precision ?? defaults.Precision, MemoryLimit = read.Memory,
            Multivariate = Multivariate == true ? new() : null, Correlations = Correlations == true ? new() : null,
            Chunks = read.Chunks, TimeColumn = Time, Threshold = read.Threshold, Season = read.Season,
            Correction = read.Correction ?? defaults.Correction, DriftShare = DriftShare ?? defaults.DriftShare,
            NewCategoryShare = NewCategoryShare ?? defaults.NewCategoryShare, Workers = Workers ?? defaults.Workers,
        };
        foreach (var (column, kind) in read.Kinds)
            options.Kind(column, kind);
        foreach (var (column, tests) in read.Tests)
            options.Test(column, tests);
        return options;
    }

    // A target or a prediction is what moved, not why.
    private CauseOptions? CauseOptions() => Causes is null ? null : new()
    {
        Quantities = [.. Causes.Select(column => new CauseQuantity(column))],
        Columns = Columns, Exclude = [.. (Exclude ?? []).Concat(new[] { Target, Prediction }.OfType<string>()).Concat(Causes)],
    };

    private ReadSettings Read(SettingReader reading)
    {
        reading.Range("driftShare", DriftShare, share => share is > 0 and <= 1, "above 0 up to 1");
        reading.Range("newCategoryShare", NewCategoryShare, share => share is > 0 and <= 1, "above 0 up to 1");
        reading.Range("workers", Workers, workers => workers >= 1, "1 and more");
        var preset = reading.Preset("preset", Preset);
        return new(
            preset, reading.Choice<PValueCorrection>("correction", Correction), reading.Chunks("by", By), reading.Threshold("threshold", Threshold), reading.Choice<Season>("season", Season),
            reading.Choice<DriftPrecision>("precision", Precision), reading.Memory("memory", Memory),
            [.. (Kind ?? new Dictionary<string, string>()).Select(pair => (pair.Key, reading.Choice<DriftColumnKind>("kind", pair.Value, $" of column '{pair.Key}'") ?? DriftColumnKind.Other))],
            [.. (Test ?? new Dictionary<string, IReadOnlyList<string>>()).Select(pair => (pair.Key, reading.Tests("test", preset, pair.Key, pair.Value)))]);
    }

    private static void RequireKnownNames(string json)
    {
        using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw new JsonException($"they are {document.RootElement.ValueKind.ToString().ToLowerInvariant()}, not an object.");
        var known = typeof(DriftSettings).GetProperties().Where(property => property.SetMethod is not null).Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order().ToList();
        if (document.RootElement.EnumerateObject().Select(property => property.Name).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new JsonException($"unknown setting '{unknown}'.{Suggestion.DidYouMean(unknown, known)} Known: {string.Join(", ", known)}.");
    }

    private sealed record ReadSettings(
        DriftPreset Preset, PValueCorrection? Correction, Chunking? Chunks, DriftThreshold? Threshold, Season? Season, DriftPrecision? Precision, long? Memory,
        IReadOnlyList<(string Column, DriftColumnKind Kind)> Kinds, IReadOnlyList<(string Column, IReadOnlyList<DriftTest> Tests)> Tests);

    // A single text stands for a list of one.
    private sealed class OneOrMoreTexts : JsonConverter<IReadOnlyList<string>>
    {
        public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String ? [reader.GetString()!] : JsonSerializer.Deserialize<string[]>(ref reader) ?? []; // a string token has a string

        public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.ToArray());
    }
}
