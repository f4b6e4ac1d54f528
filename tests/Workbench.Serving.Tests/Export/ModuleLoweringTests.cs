using Workbench.Data;
using Workbench.Serving.Export;

namespace Workbench.Serving.Tests.Export;

public sealed class ModuleLoweringTests
{
    [Fact]
    public void Lower_UnknownModule_NamesItsPathAndTheKnownOnes()
    {
        using var network = TorchSharp.torch.nn.Sequential(("0", TorchSharp.torch.nn.Linear(2, 2)), ("1", TorchSharp.torch.nn.BatchNorm1d(2)));
        var failure = Assert.Throws<DataException>(() => ModuleLowering.Lower(new OnnxGraph("test"), "layers", network, "x"));
        Assert.Contains("module 'layers.1' of type BatchNorm1d", failure.Message);
        Assert.Contains("LayerNorm", failure.Message);
    }
}
