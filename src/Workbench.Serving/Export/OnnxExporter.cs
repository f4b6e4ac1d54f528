using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Workbench.Data;
using Workbench.Serving.Export.Proto;
using Workbench.Serving.Sessions;
using Workbench.Training;

namespace Workbench.Serving.Export;

/// <summary>
/// Writes modules as ONNX files that were checked against TorchSharp. A trained tabular model's file needs nothing else:
/// preprocessing is in the graph, so any ONNX runtime takes the raw columns. One input a column, numbers as FP32 [batch × 1] (NaN is missing), categories as STRING [batch × 1]
/// (any text that training never saw is the unknown bucket). Outputs of a binary model are <c>probability</c> FP32
/// [batch × 1] and <c>label</c> INT64 [batch × 1], 1 from probability 0.5; of several classes <c>probabilities</c> FP32
/// [batch × classes] and <c>label</c> STRING [batch × 1]; of a regression <c>value</c> FP32 [batch × 1].
/// </summary>
public static partial class OnnxExporter
{
    /// <summary>Operator set of exported files.</summary>
    public const int Opset = 20;
    /// <summary>Intermediate representation of exported files.</summary>
    public const int IrVersion = 9;

    /// <summary>Exports a model, checks it against TorchSharp at batch sizes 1, 7 and 256, and writes the file in one move.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="metadata">Entries to add to the file's metadata; keys beginning with <c>workbench.</c> are its own.</param>
    /// <param name="opset">Operator set of the file, 13 to 20 (the default).</param>
    /// <exception cref="DataException">The check failed, a module has no lowering, or a column's name cannot be an input.</exception>
    /// <exception cref="ArgumentException">A metadata key begins with <c>workbench.</c>, or the operator set is none of those.</exception>
    public static OnnxExport Export(TrainedTabularModel model, string path, IReadOnlyDictionary<string, string>? metadata = null, int opset = Opset)
    {
        CheckColumns(model);
        var file = OnnxFile.Model(TabularGraph.From(model, Checked(opset)));
        OnnxFile.Add(file, OnnxModel.SchemaKey, JsonSerializer.Serialize(model.Schema, JsonSerializerOptions.Web));
        OnnxFile.Add(file, OnnxModel.CategoriesKey, JsonSerializer.Serialize(model.Preprocessor.Categories));
        AddMetadata(file, model.WeightsHash, metadata ?? new Dictionary<string, string>(), opset);
        var (difference, rows) = ExportCheck.Compare(model, file.ToByteArray());
        OnnxFile.Add(file, OnnxModel.DifferenceKey, difference.ToString("R", CultureInfo.InvariantCulture));
        AtomicFile.WriteAllBytes(path, file.ToByteArray());
        return new()
        {
            Path = Path.GetFullPath(path), Opset = opset, IrVersion = (int)file.IrVersion, SizeBytes = new FileInfo(path).Length,
            MaxAbsoluteDifference = difference, RowsChecked = rows, WeightsHash = model.WeightsHash,
        };
    }

    private static int Checked(int opset) => opset is >= OnnxExportOptions.MinOpset and <= Opset ? opset
        : throw new ArgumentOutOfRangeException(nameof(opset), opset, $"The operator set is one of {OnnxExportOptions.MinOpset} to {Opset}.");

    private static void AddMetadata(ModelProto file, string weightsHash, IReadOnlyDictionary<string, string> metadata, int opset)
    {
        OnnxFile.Add(file, OnnxModel.WeightsHashKey, weightsHash);
        OnnxFile.Add(file, OnnxModel.OpsetKey, opset.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (key.StartsWith("workbench.", StringComparison.Ordinal))
                throw new ArgumentException($"Metadata key '{key}' begins with 'workbench.', which the exporter keeps for itself. Choose another.", nameof(metadata));
            OnnxFile.Add(file, key, value);
        }
    }

    private static void CheckColumns(TrainedTabularModel model)
    {
        string[] outputs = OnnxModel.Outputs(model.Task);
        if (model.Schema.Inputs.FirstOrDefault(name => outputs.Contains(name) || name.Length == 0 || name[0] == '/') is { } refused)
            throw new DataException(
                $"Column '{refused}' cannot be an input of an ONNX file: {string.Join(" and ", outputs.Select(name => $"'{name}'"))} {(outputs.Length == 1 ? "is its output" : "are its outputs")}, and names beginning with '/' its own. Rename the column.")
            { Column = refused };
    }
}
