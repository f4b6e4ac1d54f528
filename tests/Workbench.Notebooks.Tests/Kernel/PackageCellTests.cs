namespace Workbench.Notebooks.Tests.Kernel;

/// <summary>Cells that ask for packages. What the kernel carries needs no registry.</summary>
[Collection("kernel")]
public sealed class PackageCellTests(KernelFixture kernel)
{
    [Fact]
    public async Task CarriedPackage_IsUsedWithoutARegistry()
    {
        var run = await kernel.RunAsync("#r \"nuget: TorchSharp-cpu\"\n#r \"nuget: Plotly.NET\"\nusing TorchSharp;\ntorch.ones(2, 3).sum().item<float>()");

        Assert.True(run.Reply.IsOk, run.Traceback);
        Assert.Equal("6", run.Result);
        Assert.Contains("TorchSharp-cpu", run.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#r \"nuget:\"", "does not say which package")]
    [InlineData("#r \"nuget: Newtonsoft.Json, abc\"", "is no version")]
    [InlineData("#!fsharp\n#r \"nuget:\"", "does not say which package")]
    [InlineData("#r \"/nowhere/it.dll\"", "/nowhere/it.dll")]
    public async Task WrongReference_SaysWhatIsAllowed(string code, string expected)
    {
        var run = await kernel.RunAsync(code + "\n1");

        Assert.False(run.Reply.IsOk);
        Assert.Contains(expected, run.Reply.ErrorMessage + run.Traceback, StringComparison.Ordinal);
    }
}
