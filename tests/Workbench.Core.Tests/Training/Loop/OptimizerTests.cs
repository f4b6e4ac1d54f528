using TorchSharp;
using TorchSharp.Modules;
using Workbench.Training;
using Workbench.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Training.Loop;

/// <summary>The flat and the fused optimizer against TorchSharp's own, over 50 steps.</summary>
public sealed class OptimizerTests
{
    public static TheoryData<OptimizerKind, OptimizerEngine, double, bool, double> Cases() => new()
    {
        { OptimizerKind.AdamW, OptimizerEngine.Flat, 0.01, false, 0 },
        { OptimizerKind.AdamW, OptimizerEngine.Flat, 0.1, true, 0 },
        { OptimizerKind.AdamW, OptimizerEngine.Fused, 0.01, false, 0 },
        { OptimizerKind.AdamW, OptimizerEngine.Fused, 0.1, true, 0 },
        { OptimizerKind.AdamW, OptimizerEngine.Fused, 0, false, 0 },
        { OptimizerKind.Sgd, OptimizerEngine.Flat, 0, false, 0 },
        { OptimizerKind.Sgd, OptimizerEngine.Flat, 0.01, true, 0.9 },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Step_FiftyTimes_AgreesWithTheBuiltin(OptimizerKind kind, OptimizerEngine engine, double decay, bool matricesOnly, double momentum)
    {
        var options = new OptimizerSettings { Kind = kind, LearningRate = 0.01, WeightDecay = decay, DecayMatricesOnly = matricesOnly, Momentum = momentum };
        var expected = Train(options with { Engine = OptimizerEngine.Builtin });
        var actual = Train(options with { Engine = engine });
        // 1e-6 is what the options promise; the weights are of order 1.
        Assert.InRange(SmallProblem.LargestDifference(expected, actual), 0, 1e-6);
        Assert.True(SmallProblem.LargestDifference(expected, SmallProblem.Weights(SmallProblem.Network(1))) > 0.01, "The weights have not moved.");
    }

    [Fact]
    public void Step_ParameterWithoutGradient_IsLeftAloneByFusedAsByBuiltin()
    {
        float[] Run(OptimizerEngine engine)
        {
            using var used = nn.Linear(4, 1);
            using var unused = nn.Linear(4, 1);
            using var both = nn.Sequential(used, unused);
            using (no_grad())
                foreach (var parameter in both.parameters())
                    parameter.fill_(0.5);
            using var optimizer = StepOptimizer.Create(both, new() { Engine = engine, LearningRate = 0.1, WeightDecay = 0.5 });
            for (int step = 0; step < 3; step++)
            {
                optimizer.ClearGradients();
                used.forward(ones(2, 4)).sum().backward();
                optimizer.Step(0.1);
            }
            return SmallProblem.Weights(both);
        }
        var (builtin, fused) = (Run(OptimizerEngine.Builtin), Run(OptimizerEngine.Fused));
        Assert.InRange(SmallProblem.LargestDifference(builtin, fused), 0, 1e-6);
        Assert.Equal([0.5f, 0.5f, 0.5f, 0.5f, 0.5f], fused[5..]);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW, 0.1, 0)]
    [InlineData(OptimizerKind.AdamW, 0, 0)]
    [InlineData(OptimizerKind.Sgd, 0, 0)]
    [InlineData(OptimizerKind.Sgd, 0.01, 0.9)]
    public void Step_Builtin_GoesOnWithTheBitsOfTorchSharps(OptimizerKind kind, double decay, double momentum)
    {
        var options = new OptimizerSettings { Kind = kind, Engine = OptimizerEngine.Builtin, LearningRate = 0.01, WeightDecay = decay, Momentum = momentum };
        using var theirs = SmallProblem.Network(1);
        using OptimizerHelper expected = kind == OptimizerKind.AdamW
            ? optim.AdamW(theirs.parameters(), 0.01, weight_decay: decay) : optim.SGD(theirs.parameters(), 0.01, momentum, weight_decay: decay);
        using var ours = SmallProblem.Network(1);
        using var threads = new TorchThreads(1);
        Train(theirs, 5, expected.zero_grad, () => expected.step());
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes, System.Text.Encoding.UTF8, leaveOpen: true))
            expected.save_state_dict(writer);
        Train(theirs, 5, expected.zero_grad, () => expected.step());

        using var actual = StepOptimizer.Create(ours, options);
        Train(ours, 5, actual.ClearGradients, () => actual.Step(0.01));
        using var saved = tensor(bytes.ToArray(), ScalarType.Byte);
        actual.Load(new Dictionary<string, Tensor> { ["builtin"] = saved });
        Train(ours, 5, actual.ClearGradients, () => actual.Step(0.01));
        Assert.Equal(SmallProblem.Weights(theirs), SmallProblem.Weights(ours));
    }

    [Fact]
    public void Create_TiedParameter_IsTrainedOnce()
    {
        using var layer = nn.Linear(4, 4);
        using var tied = nn.Sequential(("first", layer), ("second", layer));
        Assert.Equal(2, TrainedParameters.Of(tied).Count);
    }

    [Fact]
    public void Create_MixedTypesForFlat_SaysWhatItCanTake()
    {
        using var mixed = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2).to(ScalarType.Float64));
        var failure = Assert.Throws<TrainingException>(() => StepOptimizer.Create(mixed, new() { Engine = OptimizerEngine.Flat }));
        Assert.Contains("Float32 on cpu, Float64 on cpu", failure.Message);
        Assert.Equal(OptimizerEngine.Builtin, StepOptimizer.Create(mixed, new()).Engine);
    }

    [Fact]
    public void Create_NothingToTrain_NamesTheRemedy()
    {
        using var frozen = nn.Linear(2, 2);
        foreach (var parameter in frozen.parameters())
            parameter.requires_grad = false;
        Assert.Contains("requires_grad", Assert.Throws<TrainingException>(() => StepOptimizer.Create(frozen, new())).Message);
    }

    private static float[] Train(OptimizerSettings options)
    {
        using var network = SmallProblem.Network(1);
        using var threads = new TorchThreads(1);
        using var optimizer = StepOptimizer.Create(network, options);
        Train(network, 50, optimizer.ClearGradients, () => optimizer.Step(options.LearningRate));
        return SmallProblem.Weights(network);
    }

    private static void Train(nn.Module<Tensor, Tensor> network, int steps, Action clear, Action update)
    {
        var (inputs, targets) = SmallProblem.Rows(64, 2);
        for (int step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            clear();
            nn.functional.mse_loss(network.forward(inputs), targets).backward();
            update();
        }
    }
}
