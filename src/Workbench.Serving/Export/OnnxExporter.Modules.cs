using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TorchSharp;
using Workbench.Data;
using Workbench.LanguageModels;
using Workbench.Serving.Export.Conversion;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Export;

public static partial class OnnxExporter
{
    internal const string InputsKey = "workbench.inputs", SamplesKey = "workbench.samples_checked";

    /// <summary>
    /// Exports any module whose kinds of layers are known, or that says how (<see cref="IOnnxExportable"/>), in evaluation
    /// mode. The file is checked against TorchSharp at three sizes or more of each dynamic dimension, with random inputs
    /// of a fixed seed, and only then moved into its place.
    /// </summary>
    /// <param name="module">The module; float32 weights, on any device. Its mode is as before afterwards.</param>
    /// <param name="inputs">One for each tensor that forward takes, in its order.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="options">Opset, names of the outputs, tolerance, sizes; null for the defaults.</param>
    /// <exception cref="DataException">A module has no lowering (names its path), the options are wrong (lists all), or the check failed; nothing was written.</exception>
    /// <example><code>
    /// var export = OnnxExporter.Export(network, [new OnnxInput("x", OnnxType.Float, "batch", 20)], "network.onnx");
    /// </code></example>
    public static OnnxExport Export(torch.nn.Module module, IReadOnlyList<OnnxInput> inputs, string path, OnnxExportOptions? options = null)
    {
        options ??= new();
        options.Validate(inputs);
        TorchRuntime.EnsureAvailable();
        using var mode = new EvaluationMode(module);
        var samples = ModuleSample.Take(module, inputs, options);
        var graph = new OnnxGraph("module", options.Opset);
        Build(graph, module, inputs, samples, options);
        var file = OnnxFile.Model(graph);
        string hash = WeightsHash(module);
        OnnxFile.Add(file, OnnxModel.WeightsHashKey, hash);
        OnnxFile.Add(file, OnnxModel.OpsetKey, options.Opset.ToString(CultureInfo.InvariantCulture));
        OnnxFile.Add(file, InputsKey, JsonSerializer.Serialize(inputs.Select(InputRange.Of), JsonSerializerOptions.Web));
        OnnxFile.Add(file, SamplesKey, samples.Count.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, value) in options.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            OnnxFile.Add(file, key, value);
        using var staged = new OnnxFile(file, path, options.ExternalData);
        double difference = ModuleCheck.Compare(staged.Path, samples, options.Tolerance);
        staged.Add(OnnxModel.DifferenceKey, difference);
        return new()
        {
            SizeBytes = staged.Commit(),
            Path = Path.GetFullPath(path), Opset = options.Opset, IrVersion = (int)file.IrVersion, MaxAbsoluteDifference = difference,
            RowsChecked = (int)samples.Sum(sample => sample.Inputs[0].Shape.FirstOrDefault(1)), WeightsHash = hash,
        };
    }

    /// <summary>
    /// Exports a language model: <c>input_ids</c> INT64 [batch × sequence] to <c>logits</c> FP32 [batch × sequence ×
    /// vocabulary], each place seeing itself and those before it; without a cache of keys and values.
    /// </summary>
    /// <param name="model">The model in float32; adapters merged.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="options">As for any module; outputs are named already.</param>
    /// <exception cref="DataException">The check failed, or the model has an adapter or weights of another type; nothing was written.</exception>
    public static OnnxExport ExportLanguageModel(CausalLanguageModel model, string path, OnnxExportOptions? options = null)
    {
        options ??= new();
        return Export(model, [new("input_ids", OnnxType.Int64, "batch", "sequence") { High = model.Config.VocabularySize }], path, new()
        {
            Opset = options.Opset, Outputs = ["logits"], Sizes = options.Sizes, Tolerance = options.Tolerance, ExternalData = options.ExternalData, Metadata = options.Metadata,
        });
    }

    /// <summary>Loads a language model from a Hugging Face folder, in float32 on the CPU, and exports it as <see cref="ExportLanguageModel"/> does.</summary>
    /// <param name="folder">With config.json and the weights.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="options">As for any module; outputs are named already.</param>
    /// <exception cref="DataException">The folder is no such model, or the check failed; nothing was written.</exception>
    public static OnnxExport ExportHuggingFaceFolder(string folder, string path, OnnxExportOptions? options = null)
    {
        using var model = CausalLanguageModel.Load(folder, new() { Type = torch.ScalarType.Float32, Device = "cpu" });
        return ExportLanguageModel(model, path, options);
    }

    private static void Build(OnnxGraph graph, torch.nn.Module module, IReadOnlyList<OnnxInput> inputs, IReadOnlyList<ModuleSample> samples, OnnxExportOptions options)
    {
        graph.Know(module);
        foreach (var input in inputs)
            graph.Input(input.Name, input.Type, input.Shape);
        var values = graph.LowerAll("", module, [.. inputs.Select(input => input.Name)]);
        int count = samples[0].Expected.Count;
        if (values.Count < count)
            throw new DataException($"The module's forward returns {count} tensors and its nodes compute {values.Count}. Return as many from {nameof(IOnnxExportable.ToOnnx)}.");
        if (options.Outputs.Count != 0 && options.Outputs.Count != count)
            throw new DataException($"{options.Outputs.Count} output(s) were named ({string.Join(", ", options.Outputs)}) and the module's forward returns {count}. Name each.");
        for (int output = 0; output < count; output++)
        {
            string name = options.Outputs.Count > 0 ? options.Outputs[output] : count == 1 ? "output" : $"output_{output}";
            graph.Output(values[output], name, samples[0].Expected[output].Type, Shape(name, samples, output));
        }
        GraphPruning.Apply(graph.Proto);
    }

    // A size that follows a dynamic dimension in every sample is that dimension; one that is always the same is fixed.
    private static List<OnnxDimension> Shape(string name, IReadOnlyList<ModuleSample> samples, int output)
    {
        if (samples.Any(sample => sample.Expected[output].Shape.Count != samples[0].Expected[output].Shape.Count))
            throw new DataException($"Output '{name}' has not always the same number of dimensions; ONNX needs that.");
        return [.. Enumerable.Range(0, samples[0].Expected[output].Shape.Count).Select(axis =>
        {
            var sizes = samples.Select(sample => sample.Expected[output].Shape[axis]).ToList();
            string? dimension = samples[0].Sizes.Keys.FirstOrDefault(key => samples.Select(sample => sample.Sizes[key]).SequenceEqual(sizes));
            return dimension is not null ? dimension : sizes.Distinct().Count() == 1 && sizes[0] > 0 ? sizes[0] : (OnnxDimension)$"{name}_{axis}";
        })];
    }

    // Names, types, shapes and bytes of everything in the state dictionary, ordered by name.
    private static string WeightsHash(torch.nn.Module module)
    {
        using var scope = torch.NewDisposeScope();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in module.state_dict().OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}:{tensor.dtype}[{string.Join(',', tensor.shape)}]\n"));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
