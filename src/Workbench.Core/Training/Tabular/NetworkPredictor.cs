using Workbench.Features;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>A trained network on the CPU.</summary>
internal sealed class NetworkPredictor : TabularPredictor
{
    private const int Batch = 4_096;

    public NetworkPredictor(nn.Module<Tensor, Tensor, Tensor> network)
    {
        Network = network;
        ParameterCount = network.parameters().Sum(parameter => parameter.numel());
        network.eval();
    }

    /// <summary>The network in evaluation mode.</summary>
    public nn.Module<Tensor, Tensor, Tensor> Network { get; }

    public override long ParameterCount { get; }

    /// <summary>An untrained network that fits a preprocessor's columns. Draws random numbers: hold <see cref="TorchRuntime.Generator"/>.</summary>
    public static nn.Module<Tensor, Tensor, Tensor> NetworkFor(TabularPreprocessor preprocessor, TabularTrainingOptions options)
    {
        int outputs = preprocessor.Schema.TaskOrBinary == PredictionTask.Multiclass ? preprocessor.Schema.Classes.Count : 1;
        return options.Architecture switch
        {
            TabularArchitecture.ResidualMlp => new ResidualTabularNetwork(preprocessor.NumericWidth, preprocessor.CodeCounts, options, outputs),
            TabularArchitecture.FtTransformer => new FtTransformer(preprocessor.NumericWidth, preprocessor.CodeCounts, options, outputs),
            _ => new TabularNetwork(preprocessor.NumericWidth, preprocessor.CodeCounts, options, outputs),
        };
    }

    public override float[] Scores(TabularData data, TabularPreprocessor preprocessor)
    {
        using var threads = new TorchThreads(Math.Min(Batch, data.Rows), ParameterCount);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var numeric = tensor(preprocessor.TransformNumeric(data), [data.Rows, preprocessor.NumericWidth]);              // [N, D]
        var codes = tensor(preprocessor.TransformCategorical(data), [data.Rows, preprocessor.Categories.Count]);      // [N, K]
        var scores = new List<float>();
        for (int start = 0; start < data.Rows; start += Batch)
        {
            using var batchScope = NewDisposeScope();
            int length = Math.Min(Batch, data.Rows - start);
            scores.AddRange(Network.forward(numeric.narrow(0, start, length), codes.narrow(0, start, length)).data<float>());   // [B, O]
        }
        return [.. scores];
    }

    public override IReadOnlyList<SafeTensor> ToTensors() => ModuleWeights.Take(Network);

    public override void Dispose() => Network.Dispose();
}
