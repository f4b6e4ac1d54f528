using TorchSharp.Modules;
using Workbench.Tensors;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Tensors;

/// <summary>That a module answers while it is not trained what its layers say.</summary>
public sealed class InferenceTests
{
    [Theory]
    [InlineData(5, 4, 1, 1)]
    [InlineData(16, 16, 4, 7)]
    [InlineData(7, 33, 3, 5)]
    public void Begin_Lstm_AnswersAsItsEquationsDo(int inputs, int hidden, int batch, int time)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        using var lstm = nn.LSTM(inputs, hidden, batchFirst: true);
        lstm.eval();
        var x = rand(batch, time, inputs) * 4 - 2;
        using var inference = Inference.Begin(lstm);
        using var difference = (lstm.call(x).Item1 - Expected(lstm, x)).abs().max();
        Assert.True(difference.item<float>() < 1e-5, $"off by {difference.item<float>()}");
    }

    [Fact]
    public void Begin_ModuleWithAnLstmInside_RecordsGradients()
    {
        TorchRuntime.EnsureAvailable();
        using var module = new Wrapped();
        using (Inference.Begin(module))
            Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Begin_OtherModule_RecordsNoneUntilDisposed()
    {
        TorchRuntime.EnsureAvailable();
        using var module = nn.GRU(3, 4);
        using (Inference.Begin(module))
            Assert.False(is_grad_enabled());
        Assert.True(is_grad_enabled());
    }

    // Gates in libtorch's order: input, forget, cell, output (Hochreiter and Schmidhuber 1997, with Gers' forget gate).
    private static Tensor Expected(LSTM lstm, Tensor x)
    {
        var weights = lstm.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        var state = zeros(x.shape[0], weights["weight_hh_l0"].shape[1]);
        var cell = zeros_like(state);
        var outputs = new List<Tensor>();
        for (long step = 0; step < x.shape[1]; step++)
        {
            var gates = (nn.functional.linear(x.select(1, step), weights["weight_ih_l0"], weights["bias_ih_l0"])
                + nn.functional.linear(state, weights["weight_hh_l0"], weights["bias_hh_l0"])).chunk(4, 1);
            cell = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
            state = gates[3].sigmoid() * cell.tanh();
            outputs.Add(state);
        }
        return stack(outputs, 1);
    }

    private sealed class Wrapped : nn.Module<Tensor, Tensor>
    {
        private readonly LSTM inner = nn.LSTM(2, 3);

        public Wrapped() : base(nameof(Wrapped)) => RegisterComponents();

        public override Tensor forward(Tensor input) => inner.call(input).Item1;
    }
}
