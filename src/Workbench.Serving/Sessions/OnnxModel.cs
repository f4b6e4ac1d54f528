using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Serving.Sessions;

/// <summary>An exported model in ONNX Runtime, one thread a call. Predicting is thread-safe; dispose when no call runs any more.</summary>
public sealed class OnnxModel : IDisposable
{
    internal const string ProbabilityOutput = "probability", ProbabilitiesOutput = "probabilities", LabelOutput = "label", ValueOutput = "value";
    internal const string SchemaKey = "workbench.schema", CategoriesKey = "workbench.categories", WeightsHashKey = "workbench.weights_hash",
        OpsetKey = "workbench.opset", DifferenceKey = "workbench.max_absolute_difference";

    /// <summary>Stands for a missing category, as ONNX text knows no null. SUB (0x1A) begins no category of the real world.</summary>
    internal const string MissingCategory = "\u001amissing";

    private static readonly string[] BinaryClasses = ["0", "1"];

    private readonly InferenceSession _session;
    private readonly string[] _inputs, _outputs;
    private readonly HashSet<string>[] _categories;
    private volatile bool _disposed;

    private OnnxModel(InferenceSession session, FeatureSchema schema, IReadOnlyList<IReadOnlyList<string>> categories)
    {
        (_session, Schema, Categories, Metadata) = (session, schema, categories, session.ModelMetadata.CustomMetadataMap);
        _inputs = [.. schema.Inputs];
        _outputs = Outputs(Task);
        _categories = [.. categories.Select(known => known.ToHashSet(StringComparer.Ordinal))];
    }

    /// <summary>The model's columns, from its metadata.</summary>
    public FeatureSchema Schema { get; }
    /// <summary>What it predicts.</summary>
    public PredictionTask Task => Schema.TaskOrBinary;
    /// <summary>[C] names of the classes in the order of their probabilities: 0 and 1 for a binary task, none for a regression.</summary>
    public IReadOnlyList<string> Classes => Task == PredictionTask.Binary ? BinaryClasses : Schema.Classes;
    /// <summary>[K] categories that training saw, a categorical column.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Categories { get; }
    /// <summary>Every entry of the file's metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }
    /// <summary>Hash of the weights it was exported from.</summary>
    public string WeightsHash => Metadata[WeightsHashKey];

    /// <summary>Loads a file; the file is not needed afterwards.</summary>
    /// <exception cref="DataException">It is missing, damaged, or no file of the exporter.</exception>
    public static OnnxModel Load(string path)
    {
        if (!File.Exists(path))
            throw new DataException($"The model file '{path}' does not exist. Export the model again, or fetch it from the registry.") { Origin = path };
        return Load(File.ReadAllBytes(path), path);
    }

    /// <summary>Loads a model from memory.</summary>
    /// <param name="file">A whole ONNX file.</param>
    /// <param name="origin">Where the bytes come from, for messages.</param>
    /// <exception cref="DataException">The bytes are damaged, or not what the exporter writes.</exception>
    public static OnnxModel Load(byte[] file, string origin)
    {
        InferenceSession? session = null;
        try
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            session = new InferenceSession(file, options);
            return new OnnxModel(session, Read<FeatureSchema>(session, SchemaKey), Read<List<IReadOnlyList<string>>>(session, CategoriesKey)).EnsureInputs();
        }
        catch (Exception failure) when (failure is OnnxRuntimeException or JsonException)
        {
            session?.Dispose();
            throw new DataException($"'{origin}' is no model that can be served: {failure.Message} Export the model again, or fetch it from the registry.", failure)
            { Origin = origin };
        }
    }

    /// <summary>[N]: the probability of label 1, or of a regression the value.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model knows several classes.</exception>
    public float[] Predict(TabularData rows) => Task == PredictionTask.Multiclass
        ? throw new InvalidOperationException($"The model predicts one of {Classes.Count} classes ({string.Join(", ", Classes)}), and {nameof(Predict)} gives one number a row. Use {nameof(Answer)}.")
        : Answer(rows).Numbers;

    /// <summary>Probability and label of every row of a binary model, [N] each; the label is 1 from probability 0.5.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model is of another task.</exception>
    public (float[] Probabilities, long[] Labels) Run(TabularData rows)
    {
        if (Task != PredictionTask.Binary)
            throw new InvalidOperationException($"The model is of the task {Task}, and {nameof(Run)} answers binary ones. Use {nameof(Answer)}.");
        var answer = Answer(rows);
        return (answer.Numbers, [.. answer.Labels.Select(label => label == "1" ? 1L : 0L)]);
    }

    /// <summary>What the model says of every row, whatever its task.</summary>
    /// <exception cref="DataException">The rows have other columns than the model.</exception>
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public ModelAnswer Answer(TabularData rows)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);   // ONNX Runtime itself would crash the process
        if (!rows.Schema.Numeric.SequenceEqual(Schema.Numeric) || !rows.Schema.Categorical.SequenceEqual(Schema.Categorical))
            throw new DataException($"The model reads the columns {string.Join(", ", Schema.Inputs)}; the rows have {string.Join(", ", rows.Schema.Inputs)}.");
        if (rows.Rows == 0)
            return new() { Task = Task, Numbers = [], Labels = [] };
        var columns = new List<OrtValue>(_inputs.Length);
        try
        {
            for (int column = 0; column < Schema.Numeric.Count; column++)
                columns.Add(NumericColumn(rows, column));
            for (int column = 0; column < Schema.Categorical.Count; column++)
                columns.Add(CategoricalColumn(rows, column));
            using var options = new RunOptions();
            using var results = _session.Run(options, _inputs, columns, _outputs);
            return new() { Task = Task, Numbers = results[0].GetTensorDataAsSpan<float>().ToArray(), Labels = Labels(results) };
        }
        finally
        {
            columns.ForEach(column => column.Dispose());
        }
    }

    /// <summary>Categories in <paramref name="rows"/> that training never saw, each once; the model treats them as unknown.</summary>
    public IReadOnlyList<(string Column, string Category)> Unseen(TabularData rows) =>
        rows.Categorical.Select((category, index) => (Column: index % _categories.Length, Category: category))
            .Where(cell => cell.Category is not null && !_categories[cell.Column].Contains(cell.Category))
            .Distinct().Select(cell => (Schema.Categorical[cell.Column], cell.Category ?? "")).ToList();

    /// <inheritdoc/>
    public void Dispose()
    {
        _disposed = true;
        _session.Dispose();
    }

    private static OrtValue NumericColumn(TabularData rows, int column)
    {
        int stride = rows.Schema.Numeric.Count;
        var values = new float[rows.Rows];
        for (int row = 0; row < values.Length; row++)
            values[row] = rows.Numeric[row * stride + column];
        return OrtValue.CreateTensorValueFromMemory(values, [rows.Rows, 1]);
    }

    private static OrtValue CategoricalColumn(TabularData rows, int column)
    {
        int stride = rows.Schema.Categorical.Count;
        var values = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows.Rows, 1]);
        for (int row = 0; row < rows.Rows; row++)
            values.StringTensorSetElementAt((rows.Categorical[row * stride + column] ?? MissingCategory).AsSpan(), row);
        return values;
    }

    private OnnxModel EnsureInputs() =>
        _inputs.SequenceEqual(_session.InputNames) && _categories.Length == Schema.Categorical.Count
            && _outputs.SequenceEqual(_session.OutputNames)
            ? this
            : throw new JsonException($"its metadata name the inputs {string.Join(", ", _inputs)} and outputs {string.Join(", ", _outputs)}, its graph {string.Join(", ", _session.InputNames)} and {string.Join(", ", _session.OutputNames)}.");

    /// <summary>Names of the outputs of a task, numbers first.</summary>
    internal static string[] Outputs(PredictionTask task) => task switch
    {
        PredictionTask.Binary => [ProbabilityOutput, LabelOutput],
        PredictionTask.Multiclass => [ProbabilitiesOutput, LabelOutput],
        _ => [ValueOutput],
    };

    private IReadOnlyList<string> Labels(IDisposableReadOnlyCollection<OrtValue> results) => Task switch
    {
        PredictionTask.Binary => [.. results[1].GetTensorDataAsSpan<long>().ToArray().Select(label => BinaryClasses[label])],
        PredictionTask.Multiclass => results[1].GetStringTensorAsArray(),
        _ => [],
    };

    private static T Read<T>(InferenceSession session, string key) =>
        session.ModelMetadata.CustomMetadataMap.TryGetValue(key, out string? json)
            ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) ?? throw new JsonException($"its metadata entry '{key}' is null.")
            : throw new JsonException($"its metadata have no entry '{key}', which Workbench's exporter writes.");
}
