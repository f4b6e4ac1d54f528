using TorchSharp;
using static TorchSharp.torch;

namespace Workbench.Notebooks.Tests.Kernel.Formatting;

public sealed class TensorTests
{
    [Fact]
    public void Format_SmallTensor_ShowsWhatItIsAndItsValues()
    {
        using var tensor = torch.tensor(new[,] { { 1f, 2f, float.NaN }, { 4f, float.PositiveInfinity, 6f } }).requires_grad_();
        var lines = Shown.Lines(tensor);

        // mean of 1, 2, 4, 6 is 13/4; the squared differences sum to 14.75, std = sqrt(14.75 / 3) = 2.21736
        Assert.Equal("Tensor shape [2, 3], dtype Float32, device cpu, requires_grad true, min 1, max 6, mean 3.25, std 2.21736, NaN 1, infinite 1", lines[0]);
        Assert.Equal("[[       1,        2,      NaN],", lines[1]);
        Assert.Contains("<span style=\"opacity:.65\">dtype</span> Float32", Shown.Html(tensor), StringComparison.Ordinal);
    }

    [Fact]
    public void Format_LargeTensor_ShowsItsEndsAndTheSummaryOfAll()
    {
        using var tensor = arange(12_000_000, dtype: ScalarType.Float32).reshape(3_000_000, 4);
        var lines = Shown.Lines(tensor);

        Assert.Contains("min 0, max 1.2E+07, mean 6E+06, std 3.4641E+06, NaN 0", lines[0], StringComparison.Ordinal); // n/sqrt(12) of a uniform run
        Assert.Equal(7, lines.Length - 1); // three rows, the gap, three rows
        Assert.Contains("…", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Format_OtherKinds_SayWhatTheyAre()
    {
        using var flags = torch.tensor([true, false, true]);
        using var whole = torch.tensor([long.MaxValue, 1]);
        using var half = ones(2, dtype: ScalarType.BFloat16);
        using var complex = torch.tensor([new System.Numerics.Complex(1, 2)]);
        using var scalar = torch.tensor(2.5);
        using var empty = zeros(0, 3);
        var gone = ones(3);
        gone.Dispose();

        Assert.Equal("Tensor shape [3], dtype Bool, device cpu, requires_grad false, true 2, of 3\n[ True, False,  True]", Shown.Text(flags));
        Assert.EndsWith("[9223372036854775807,                   1]", Shown.Text(whole), StringComparison.Ordinal);
        Assert.EndsWith("[1, 1]", Shown.Text(half), StringComparison.Ordinal);
        Assert.Equal("Tensor shape [1], dtype ComplexFloat64, device cpu, requires_grad false", Shown.Text(complex));
        Assert.Equal("Tensor shape [], dtype Float64, device cpu, requires_grad false\n2.5", Shown.Text(scalar));
        Assert.StartsWith("Tensor shape [0, 3]", Shown.Text(empty), StringComparison.Ordinal);
        Assert.Contains("This tensor is disposed", Shown.Text(gone), StringComparison.Ordinal);
        Assert.Equal(["value", "Bool [3]", "disposed tensor"], Shown.Rows(new[] { flags, gone })[..3]);
    }

    [Fact]
    public void Format_NetTensor_IsNestedBrackets() =>
        Assert.Equal("Tensor<Int32> [2, 2]\n[[1, 2],\n [3, 4]]", Shown.Text(System.Numerics.Tensors.Tensor.Create([1, 2, 3, 4], [2, 2])));

    [Fact]
    public void Format_Module_CountsParameters()
    {
        using var network = nn.Sequential(("hidden", nn.Linear(4, 8)), ("act", nn.ReLU()), ("out", nn.Linear(8, 1, hasBias: false)));
        var text = Shown.Text(network);

        // 4*8 + 8 + 8 = 48
        Assert.StartsWith("Sequential: 48 parameters, 48 trainable, training mode", text, StringComparison.Ordinal);
        Assert.Contains("hidden|Linear|40|40", string.Join('\n', Shown.Rows(network)), StringComparison.Ordinal);
        Assert.Contains("hidden.weight", Shown.Html(network), StringComparison.Ordinal);
        Assert.Contains("[8, 4]", Shown.Html(network), StringComparison.Ordinal);
    }
}
