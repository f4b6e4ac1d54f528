using TorchSharp.Modules;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Training.Loop;

/// <summary>A little regression that a small network learns: y = sin(3 x0) + x1 x2, plus noise.</summary>
internal static class SmallProblem
{
    /// <summary>Inputs [N × 4] and targets [N × 1].</summary>
    public static (Tensor Inputs, Tensor Targets) Rows(int count, int seed)
    {
        var random = new Random(seed);
        var inputs = Enumerable.Range(0, 4 * count).Select(_ => (float)(2 * random.NextDouble() - 1)).ToArray();
        var targets = Enumerable.Range(0, count).Select(row => (float)(Math.Sin(3 * inputs[4 * row]) + inputs[4 * row + 1] * inputs[4 * row + 2] + 0.05 * random.NextDouble())).ToArray();
        return (tensor(inputs, [count, 4]), tensor(targets, [count, 1]));
    }

    public static Sequential Network(long seed, double dropout = 0)
    {
        TorchRuntime.EnsureAvailable();
        lock (TorchRuntime.Generator)
        {
            manual_seed(seed);
            return nn.Sequential(nn.Linear(4, 16), nn.LayerNorm(16), nn.ReLU(), nn.Dropout(dropout), nn.Linear(16, 1));
        }
    }

    public static Func<Batch, Tensor> Loss(nn.Module<Tensor, Tensor> network) => batch => nn.functional.mse_loss(network.forward(batch[0]), batch[1]);

    /// <summary>All weights in one array.</summary>
    public static float[] Weights(nn.Module module) => module.parameters().SelectMany(parameter => parameter.detach().reshape(-1).data<float>().ToArray()).ToArray();

    public static double LargestDifference(float[] a, float[] b) => a.Zip(b, (x, y) => (double)Math.Abs(x - y)).Max();
}
