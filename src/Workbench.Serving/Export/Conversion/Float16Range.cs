using Workbench.Data;
using Workbench.Serving.Export.Proto;

namespace Workbench.Serving.Export.Conversion;

/// <summary>
/// Whether all values fit into float16. The converted file does not tell on a CPU: ONNX Runtime computes float16 nodes
/// there in float32 and hands values on without rounding them, and the same file overflows on a GPU.
/// </summary>
internal static class Float16Range
{
    /// <summary>Runs the model before its conversion with every value that is converted as an output.</summary>
    /// <exception cref="DataException">One is larger than float16 can be.</exception>
    public static void Check(ModelProto before, IReadOnlyCollection<string> values, string target, IReadOnlyList<IReadOnlyList<OnnxValue>> samples)
    {
        var outputs = before.Graph.Output.Select(output => output.Name).ToHashSet();
        foreach (string value in values.Where(value => !outputs.Contains(value)))
            before.Graph.Output.Add(new ValueInfoProto { Name = value, Type = new() { TensorType = new() { ElemType = (int)OnnxType.Float } } });
        using var staged = new OnnxFile(before, target, externalData: false);
        using var model = new OnnxRuns(staged.Path);
        foreach (var sample in samples)
            foreach (var (name, answer) in model.Outputs.Zip(model.Run(sample)))
                if (answer.Elements is float[] numbers && numbers.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max() is var largest && largest > (float)System.Half.MaxValue)
                    throw new DataException(FormattableString.Invariant(
                        $"Value '{name}' reaches {largest:G3} and float16 ends at {(float)System.Half.MaxValue:N0}. The file was not written; keep the model in float32."));
    }
}
