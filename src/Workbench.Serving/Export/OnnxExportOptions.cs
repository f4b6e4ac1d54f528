using TorchSharp;
using Workbench.Data;

namespace Workbench.Serving.Export;

/// <summary>How a module is exported and how closely it is checked.</summary>
public sealed class OnnxExportOptions
{
    /// <summary>Oldest operator set that files can be made for.</summary>
    public const int MinOpset = 13;

    /// <summary>Version of ONNX's own operator set, 13 to 20. Below 20 an operator that is younger is decomposed, or the export refused. Default 20.</summary>
    public int Opset { get; init; } = OnnxExporter.Opset;

    /// <summary>Names of the outputs in the order in which forward returns them. Default: <c>output</c>, or <c>output_0</c>, <c>output_1</c>, ...</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>
    /// Sizes of each dynamic dimension to check with, at least three different ones. Default: 1, 3, 8 for <c>batch</c> and
    /// 1, 7, 16 for others. With several dynamic dimensions each size of one meets each of the next.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Sizes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>
    /// Largest difference from TorchSharp that is allowed, as a share of the largest output where that is above 1. Default
    /// 1e-4: float32 sums in another order differ by some 1e-6 a layer, a wrong node by far more.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Whether weights go into a file of their own beside the model; above 2 GB they do in any case, as the format demands. Default false.</summary>
    public bool ExternalData { get; init; }

    /// <summary>How forward is called with the inputs' tensors, for a module whose forward takes more than tensors; null calls it with them alone.</summary>
    public Func<IReadOnlyList<torch.Tensor>, IReadOnlyList<torch.Tensor>>? Forward { get; init; }

    /// <summary>Entries to add to the file's metadata; keys beginning with <c>workbench.</c> are the exporter's own.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    private static readonly OnnxType[] InputTypes = [OnnxType.Float, OnnxType.Int64, OnnxType.Int32, OnnxType.Bool];

    /// <summary>All that is wrong with the options and the inputs, at once.</summary>
    internal void Validate(IReadOnlyList<OnnxInput> inputs)
    {
        var findings = Findings(inputs).ToList();
        if (findings.Count > 0)
            throw new DataException($"The module cannot be exported as asked: {string.Join(" ", findings)}");
    }

    /// <summary>Sizes to check a dynamic dimension with.</summary>
    internal IReadOnlyList<long> SizesOf(string dimension) =>
        Sizes.TryGetValue(dimension, out var sizes) ? sizes : dimension == "batch" ? [1, 3, 8] : [1, 7, 16];

    private IEnumerable<string> Findings(IReadOnlyList<OnnxInput> inputs)
    {
        if (Opset is < MinOpset or > OnnxExporter.Opset)
            yield return $"Opset {Opset} is not one of {MinOpset} to {OnnxExporter.Opset}.";
        if (!(Tolerance > 0))
            yield return FormattableString.Invariant($"Tolerance {Tolerance} is not above 0.");
        if (inputs.Count == 0)
            yield return "It has no input; name one for each tensor of forward.";
        var names = inputs.Select(input => input.Name).Concat(Outputs).ToList();
        foreach (string name in names.Where(name => string.IsNullOrWhiteSpace(name) || name[0] == '/'))
            yield return $"The name '{name}' of an input or output is empty or begins with '/', as the exporter's own names do.";
        foreach (var twice in names.GroupBy(name => name).Where(group => group.Count() > 1))
            yield return $"The name '{twice.Key}' stands for {twice.Count()} inputs or outputs.";
        foreach (var input in inputs.Where(input => !InputTypes.Contains(input.Type)))
            yield return $"Input '{input.Name}' is {input.Type}; allowed are {string.Join(", ", InputTypes)}.";
        foreach (var input in inputs.Where(input => input.Type is OnnxType.Int64 or OnnxType.Int32 && input.High is null && input.Sample is null))
            yield return $"Input '{input.Name}' is of whole numbers and has no High, such as the size of the vocabulary, to check with.";
        foreach (string dimension in inputs.SelectMany(input => input.Shape).Select(dimension => dimension.Name).OfType<string>().Distinct())
            if (SizesOf(dimension) is var sizes && (sizes.Distinct().Count() < 3 || sizes.Any(size => size < 1)))
                yield return $"Dynamic dimension '{dimension}' is to be checked with sizes {string.Join(", ", sizes)}; at least three different ones from 1 on are needed.";
        foreach (string key in Metadata.Keys.Where(key => key.StartsWith("workbench.", StringComparison.Ordinal)))
            yield return $"Metadata key '{key}' begins with 'workbench.', which the exporter keeps for itself.";
    }
}
