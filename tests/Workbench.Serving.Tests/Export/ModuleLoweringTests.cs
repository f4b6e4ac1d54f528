using Workbench.Data;
using Workbench.Serving.Export;

namespace Workbench.Serving.Tests.Export;

public sealed class ModuleLoweringTests
{
    [Fact]
    public void Lower_UnknownModule_NamesItsPathAndTheKnownOnes()
    {
        using var network = TorchSharp.torch.nn.Sequential(("0", TorchSharp.torch.nn.Linear(2, 2)), ("1", TorchSharp.torch.nn.Fold(2, 2)));
        var graph = new OnnxGraph("test");
        var failure = Assert.Throws<DataException>(() => ModuleLowering.Lower(graph, "layers", network, graph.Input("x", OnnxType.Float, ["batch", 2])));
        Assert.Contains("module 'layers.1' of type Fold", failure.Message);
        Assert.Contains("LayerNorm", failure.Message);
    }

    [Fact]
    public void Weight_TwoTensorsOfOneName_IsRefused()
    {
        using var one = TorchSharp.torch.ones(2);
        using var same = TorchSharp.torch.ones(2);
        using var other = TorchSharp.torch.zeros(2);
        var graph = new OnnxGraph("test");
        Assert.Equal(graph.Weight("w", one), graph.Weight("w", same));
        Assert.Contains("'w'", Assert.Throws<DataException>(() => graph.Weight("w", other)).Message);
    }

    [Fact]
    public void Node_ValueThatNobodyMade_NamesIt() =>
        Assert.Contains("'ghost'", Assert.Throws<ArgumentException>(() => new OnnxGraph("test").Node("Relu", ["ghost"])).Message);
}
