using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Workbench.Data;
using Workbench.Serving.Sessions;
using Workbench.Training.Forecasting;
using Workbench.Training.Text;

namespace Workbench.Serving.Export;

public static partial class OnnxExporter
{
    internal const string VocabularyKey = "workbench.vocabulary", ClassesKey = "workbench.classes", MaxTokensKey = "workbench.max_tokens", QuantilesKey = "workbench.quantiles", SeasonKey = "workbench.season";

    /// <summary>
    /// Exports a text classifier. ONNX has no tokeniser of its own, so that the graph takes token numbers, as the model's
    /// vocabulary gives them: <c>token_ids</c> INT64 [batch × tokens], 0 is padding, 1 a token that training never saw, and
    /// no row is all padding. Outputs are <c>probabilities</c> FP32 [batch × classes] and <c>label</c> STRING [batch × 1]. The
    /// metadata hold vocabulary and classes. Checked at batch sizes 1, 7 and 64, and written in one move.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file to write; an existing one is replaced.</param>
    /// <param name="metadata">Entries to add to the file's metadata; keys beginning with <c>workbench.</c> are its own.</param>
    /// <param name="opset">Operator set of the file, 13 to 20 (the default).</param>
    /// <exception cref="DataException">The check failed.</exception>
    /// <exception cref="ArgumentException">A metadata key begins with <c>workbench.</c>, or the operator set is none of those.</exception>
    public static OnnxExport Export(TrainedTextModel model, string path, IReadOnlyDictionary<string, string>? metadata = null, int opset = Opset) => Write(
        TextGraph.From(model, Checked(opset)), path, metadata, model.WeightsHash, file => SequenceCheck.Compare(model, file),
        (VocabularyKey, JsonSerializer.Serialize(model.Vocabulary.Words)), (ClassesKey, JsonSerializer.Serialize(model.Classes)),
        (MaxTokensKey, model.Vocabulary.MaxTokens.ToString(CultureInfo.InvariantCulture)));

    /// <summary>
    /// Exports a forecaster with its standardisation: <c>history</c> FP32 [batch × window] in, <c>forecast</c> FP32
    /// [batch × horizon × quantiles] out, both in the series' unit. Checked at batch sizes 1, 7 and 64, and written in one
    /// move.
    /// </summary>
    /// <inheritdoc cref="Export(TrainedTextModel, string, IReadOnlyDictionary{string, string}, int)"/>
    public static OnnxExport Export(TrainedForecaster model, string path, IReadOnlyDictionary<string, string>? metadata = null, int opset = Opset) => Write(
        ForecastGraph.From(model, Checked(opset)), path, metadata, model.WeightsHash, file => SequenceCheck.Compare(model, file),
        (QuantilesKey, JsonSerializer.Serialize(model.Options.Quantiles)), (SeasonKey, model.Options.Season.ToString(CultureInfo.InvariantCulture)));

    private static OnnxExport Write(
        OnnxGraph graph, string path, IReadOnlyDictionary<string, string>? metadata, string weightsHash,
        Func<byte[], (double MaxAbsoluteDifference, int Rows)> check, params IEnumerable<(string Key, string Value)> own)
    {
        var file = OnnxFile.Model(graph);
        foreach (var (key, value) in own)
            OnnxFile.Add(file, key, value);
        AddMetadata(file, weightsHash, metadata ?? new Dictionary<string, string>(), graph.Opset);
        var (difference, rows) = check(file.ToByteArray());
        OnnxFile.Add(file, OnnxModel.DifferenceKey, difference.ToString("R", CultureInfo.InvariantCulture));
        AtomicFile.WriteAllBytes(path, file.ToByteArray());
        return new()
        {
            Path = Path.GetFullPath(path), Opset = graph.Opset, IrVersion = (int)file.IrVersion, SizeBytes = new FileInfo(path).Length,
            MaxAbsoluteDifference = difference, RowsChecked = rows, WeightsHash = weightsHash,
        };
    }
}
