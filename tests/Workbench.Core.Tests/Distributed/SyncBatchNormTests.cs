using TorchSharp.Modules;
using Workbench.Core.Tests.Training.Loop;
using Workbench.Distributed;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Distributed;

[Collection(GeneratorCollection.Name)]
public sealed class SyncBatchNormTests
{
    /// <summary>TorchSharp's own batch normalisation in a copy of the network gives the expected values.</summary>
    [Fact]
    public void Convert_NetworkOfFieldsListsAndSequences_ComputesAndLearnsAsBefore()
    {
        using var scope = NewDisposeScope();
        var (before, after) = (new Network(), new Network());
        manual_seed(1);
        Train(before, optim.SGD(before.parameters(), 0.1), steps: 2);
        after.load_state_dict(before.state_dict());
        after.get_parameter("Second.1.bias")!.requires_grad = before.get_parameter("Second.1.bias")!.requires_grad = false;

        Assert.Equal(["First", "Second.1", "Others.0"], SyncBatchNorm.Convert(after, Collective.Single));

        Assert.Equal(before.state_dict().Keys, after.state_dict().Keys);
        Assert.Equal(before.named_parameters().Select(pair => (pair.name, pair.parameter.requires_grad)), after.named_parameters().Select(pair => (pair.name, pair.parameter.requires_grad)));
        manual_seed(2);
        Train(before, optim.SGD(before.parameters().Where(value => value.requires_grad), 0.1), steps: 3);
        manual_seed(2);
        Train(after, optim.SGD(after.parameters().Where(value => value.requires_grad), 0.1), steps: 3);
        foreach (var (name, value) in before.state_dict())
            AssertNear(value, after.state_dict()[name], name);
        before.eval();
        after.eval();
        var input = randn(5, 4, 6);
        AssertNear(before.call(input), after.call(input), "evaluation");
    }

    [Fact]
    public void Convert_ModuleThatIsShared_StaysOne()
    {
        using var shared = nn.BatchNorm2d(3);
        using var network = nn.Sequential(("a", shared), ("b", nn.Sequential(("c", shared))));
        network.eval();

        SyncBatchNorm.Convert(network, Collective.Single);

        var (first, second) = (network.children().First(), network.children().Last().children().Single());
        Assert.IsType<SyncBatchNorm>(first);
        Assert.Same(first, second);
        Assert.False(first.training);
        using var input = zeros(2, 3, 4, 4);
        Assert.ThrowsAny<Exception>(() => shared.call(input));   // who still holds the old one hears of it
    }

    [Fact]
    public void Convert_WhatCannotBeReplaced_IsNamedAndNothingChanges()
    {
        using var network = nn.Sequential(("typed", new Typed()), ("norm", nn.BatchNorm1d(4)), ("hidden", new Hidden()), ("batch", nn.BatchNorm1d(4, track_running_stats: false)));

        var refusal = Assert.Throws<ArgumentException>(() => SyncBatchNorm.Convert(network, Collective.Single));

        Assert.StartsWith("3 of 4 batch normalisations cannot be replaced, and none was.", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'typed._norm' (BatchNorm1d) is in the field '_norm' of the type BatchNorm1d; declare that as nn.Module<Tensor, Tensor>.", refusal.Message);
        Assert.Contains("'hidden.norm' (BatchNorm1d) is in no field or list of its Hidden;", refusal.Message);
        Assert.Contains("'batch' (BatchNorm1d) keeps no running figures", refusal.Message);
        Assert.IsType<BatchNorm1d>(network.children().ElementAt(1));
    }

    [Fact]
    public void Convert_BatchNormItself_IsRefused()
    {
        using var norm = nn.BatchNorm1d(4);

        Assert.Contains("is a BatchNorm1d itself", Assert.Throws<ArgumentException>(() => SyncBatchNorm.Convert(norm)).Message);
    }

    private static void Train(nn.Module<Tensor, Tensor> network, optim.Optimizer optimizer, int steps)
    {
        network.train();
        for (int step = 0; step < steps; step++)
        {
            var input = randn(8, 4, 6) * 3 + 1;
            optimizer.zero_grad();
            network.call(input).square().mean().backward();
            optimizer.step();
        }
    }

    // Float32 sums in another order.
    private static void AssertNear(Tensor expected, Tensor actual, string name)
    {
        double difference = (expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64)).abs().max().item<double>();
        Assert.True(difference < 1e-5, $"{name} differs by {difference}");
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> First = nn.BatchNorm1d(4, eps: 1e-3, momentum: 0.3);
        private readonly Sequential Second = nn.Sequential(nn.Conv1d(4, 5, 3), nn.BatchNorm1d(5));
        private readonly ModuleList<nn.Module<Tensor, Tensor>> Others = nn.ModuleList<nn.Module<Tensor, Tensor>>(nn.BatchNorm1d(5, affine: false));
        private readonly nn.Module<Tensor, Tensor> Last = nn.Conv1d(5, 2, 1);

        public Network() : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input) => Last.call(Others[0].call(Second.call(First.call(input))));
    }

    private sealed class Typed : nn.Module<Tensor, Tensor>
    {
        private readonly BatchNorm1d _norm = nn.BatchNorm1d(4);

        public Typed() : base(nameof(Typed)) => RegisterComponents();

        public override Tensor forward(Tensor input) => _norm.call(input);
    }

    private sealed class Hidden : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> _call;

        public Hidden() : base(nameof(Hidden))
        {
            var norm = nn.BatchNorm1d(4);
            register_module("norm", norm);
            _call = norm.call;
        }

        public override Tensor forward(Tensor input) => _call(input);
    }
}
