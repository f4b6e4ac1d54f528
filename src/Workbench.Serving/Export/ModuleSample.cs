using TorchSharp;
using Workbench.Data;
using Workbench.Tensors;

namespace Workbench.Serving.Export;

/// <summary>One call to check with: a size for each dynamic dimension, values for the inputs, and what TorchSharp answers.</summary>
/// <param name="Sizes">The size of each dynamic dimension.</param>
/// <param name="Inputs">One a model input.</param>
/// <param name="Expected">One an output.</param>
internal sealed record ModuleSample(IReadOnlyDictionary<string, long> Sizes, IReadOnlyList<OnnxValue> Inputs, IReadOnlyList<OnnxValue> Expected)
{
    private const int FixedRuns = 3;

    /// <summary>Asks a module in evaluation mode.</summary>
    public static IReadOnlyList<ModuleSample> Take(torch.nn.Module module, IReadOnlyList<OnnxInput> inputs, OnnxExportOptions options)
    {
        var random = new Random(20);
        var device = module.parameters().Select(parameter => parameter.device).FirstOrDefault() ?? torch.CPU;
        using var inference = Inference.Begin(module);
        return [.. SizesOf(inputs, options).Select(sizes =>
        {
            using var scope = torch.NewDisposeScope();
            var values = inputs.Select(input => Values(input, sizes, random)).ToList();
            IReadOnlyList<torch.Tensor> tensors = [.. values.Select(value => value.ToTensor().to(device).clone())];   // a module may work in place
            var outputs = options.Forward is { } forward ? forward(tensors) : ModuleCall.Run(module, tensors);
            return new ModuleSample(sizes, values, [.. outputs.Select(OnnxValue.Of)]);
        })];
    }

    /// <summary>Random values of an input.</summary>
    public static OnnxValue Values(OnnxInput input, IReadOnlyDictionary<string, long> sizes, Random random)
    {
        long[] shape = [.. input.Shape.Select(dimension => dimension.Size ?? sizes[dimension.Name!])];   // one or the other
        if (input.Sample is { } sample)
        {
            using var tensor = sample(shape, random);
            var given = OnnxValue.Of(tensor);
            return given.Type == input.Type && given.Shape.SequenceEqual(shape)
                ? given
                : throw new DataException($"Sample of input '{input.Name}' made {given.Type} [{string.Join(", ", given.Shape)}]; asked for was {input.Type} [{string.Join(", ", shape)}].");
        }
        double low = input.Low ?? (input.Type == OnnxType.Float ? -3 : 0), high = input.High ?? 3;
        int count = (int)shape.Aggregate(1L, (product, size) => product * size);
        IEnumerable<double> Draw() => Enumerable.Range(0, count).Select(_ => low + (high - low) * random.NextDouble());
        return input.Type switch
        {
            OnnxType.Int64 => new(input.Type, shape, Draw().Select(value => (long)Math.Floor(value)).ToArray()),
            OnnxType.Int32 => new(input.Type, shape, Draw().Select(value => (int)Math.Floor(value)).ToArray()),
            OnnxType.Bool => new(input.Type, shape, Enumerable.Range(0, count).Select(_ => random.Next(2) == 1).ToArray()),
            _ => new(input.Type, shape, Draw().Select(value => (float)value).ToArray()),
        };
    }

    // Each size of one dimension meets each of the next: sizes of dimension d are turned by d places a round.
    public static IEnumerable<IReadOnlyDictionary<string, long>> SizesOf(IReadOnlyList<OnnxInput> inputs, OnnxExportOptions options)
    {
        string[] names = [.. inputs.SelectMany(input => input.Shape).Select(dimension => dimension.Name).OfType<string>().Distinct()];
        int runs = names.Length == 0 ? FixedRuns : names.Max(name => options.SizesOf(name).Count), rounds = names.Length > 1 ? runs : 1;
        for (int round = 0; round < rounds; round++)
            for (int run = 0; run < runs; run++)
                yield return names.Select((name, place) => (name, sizes: options.SizesOf(name), place))
                    .ToDictionary(dimension => dimension.name, dimension => dimension.sizes[(run + round * dimension.place) % dimension.sizes.Count]);
    }
}
