using Workbench.Tensors;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.Tensors;

/// <summary>Against TorchSharp's own operators and methods, bit by bit, values, gradients and types.</summary>
public sealed class TensorArithmeticTests
{
    private static readonly Dictionary<string, (Func<Tensor, Tensor, Tensor> Ours, Func<Tensor, Tensor, Tensor> Theirs)> Pairs = new()
    {
        ["Plus"] = ((x, y) => x.Plus(y), (x, y) => x + y),
        ["Plus factor"] = ((x, y) => Floating(x).Plus(y, 0.3), (x, y) => Floating(x).add(y, 0.3)),
        ["Plus number"] = ((x, _) => x.Plus(0.3), (x, _) => x + 0.3),
        ["Plus whole"] = ((x, _) => x.Plus(3), (x, _) => x + 3),
        ["Minus"] = ((x, _) => x.Minus(0.3), (x, _) => x - 0.3),
        ["Minus whole"] = ((x, _) => x.Minus(3), (x, _) => x - 3),
        ["Times"] = ((x, _) => x.Times(0.3), (x, _) => x * 0.3),
        ["Times whole"] = ((x, _) => x.Times(3), (x, _) => 3 * x),
        ["DividedBy"] = ((x, _) => x.DividedBy(0.3), (x, _) => x / 0.3),
        ["Remainder"] = ((x, _) => x.Remainder(3), (x, _) => x.remainder(3)),
        ["Squared"] = ((x, _) => x.Squared(), (x, _) => x.square()),
        ["One less"] = ((x, _) => (-x).Plus(1), (x, _) => 1 - x),
        ["Softplus"] = ((x, _) => x.to(ScalarType.Float32).Softplus(), (x, _) => nn.functional.softplus(x.to(ScalarType.Float32))),
        ["EqualTo"] = ((x, _) => x.EqualTo(2), (x, _) => x.eq(2)),
        ["OtherThan"] = ((x, _) => x.OtherThan(2), (x, _) => x.ne(2)),
        ["AtLeast"] = ((x, _) => x.AtLeast(0.5), (x, _) => x.ge(0.5)),
        ["AtMost"] = ((x, _) => x.AtMost(0.5), (x, _) => x.le(0.5)),
        ["MoreThan"] = ((x, _) => x.MoreThan(0.5), (x, _) => x.gt(0.5)),
        ["AddInPlace"] = ((x, y) => x.clone().AddInPlace(y), (x, y) => x.clone().add_(y)),
        ["AddInPlace factor"] = ((x, y) => Floating(x).AddInPlace(y, 0.3), (x, y) => Floating(x).add_(y, 0.3)),
        ["AddInPlace number"] = ((x, _) => Floating(x).AddInPlace(0.3), (x, _) => Floating(x).add_(0.3)),
        ["AddInPlace whole"] = ((x, _) => x.clone().AddInPlace(3), (x, _) => x.clone().add_(3)),
        ["AddProductInPlace"] = ((x, y) => Floating(x).AddProductInPlace(y, y, 0.3), (x, y) => Floating(x).addcmul_(y, y, 0.3)),
        ["AddQuotientInPlace"] = ((x, y) => Floating(x).AddQuotientInPlace(Floating(y), Floating(y).exp(), 0.3), (x, y) => Floating(x).addcdiv_(Floating(y), Floating(y).exp(), 0.3)),
        ["MultiplyInPlace"] = ((x, _) => Floating(x).MultiplyInPlace(0.3), (x, _) => Floating(x).mul_(0.3)),
        ["DivideInPlace"] = ((x, _) => Floating(x).DivideInPlace(0.3), (x, _) => Floating(x).div_(0.3)),
        ["LimitInPlace"] = ((x, _) => Floating(x).LimitInPlace(0.3), (x, _) => Floating(x).clamp_(max: 0.3)),
    };

    public static TheoryData<string, ScalarType> Cases()
    {
        var cases = new TheoryData<string, ScalarType>();
        foreach (string name in Pairs.Keys)
            foreach (var type in new[] { ScalarType.Float32, ScalarType.Float64, ScalarType.BFloat16, ScalarType.Int64 })
                cases.Add(name, type);
        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public void EveryOperation_GivesTheBitsOfTorchSharps(string name, ScalarType type)
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        var (ours, theirs) = Pairs[name];
        var (actual, actualGradient) = Run(ours, type);
        var (expected, expectedGradient) = Run(theirs, type);
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.True(expected.equal(actual).all().item<bool>());
        Assert.Equal(expectedGradient is null, actualGradient is null);
        Assert.True(expectedGradient is null || expectedGradient.equal(actualGradient!).all().item<bool>());   // both or none
    }

    [Fact]
    public void ToNumber_OfEveryType_IsItsValue()
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        Assert.Equal(1.5, tensor(1.5f).ToNumber());
        Assert.Equal(1.5, tensor(1.5).ToNumber());
        Assert.Equal(1.5, tensor(1.5f).to(ScalarType.BFloat16).ToNumber());
        Assert.Equal(-7, tensor(-7L).ToNumber());
    }

    [Fact]
    public void Range_WithStepAndType_CountsAsArangeDoes()
    {
        TorchRuntime.EnsureAvailable();
        using var scope = NewDisposeScope();
        Assert.Equal([2L, 5L, 8L], TensorArithmetic.Range(2, 11, step: 3).data<long>().ToArray());
        Assert.Equal([0f, 1f, 2f], TensorArithmetic.Range(0, 3, ScalarType.Float32).data<float>().ToArray());
    }

    // Values beside whole ones and beyond softplus's threshold.
    private static (Tensor Value, Tensor? Gradient) Run(Func<Tensor, Tensor, Tensor> operation, ScalarType type)
    {
        var x = linspace(-30, 30, 121).to(type);
        var y = linspace(-7, 8.5, 121).to(type);
        if (!x.is_floating_point())
            return (operation(x, y), null);
        x.requires_grad = true;
        var value = operation(x, y);
        if (!value.is_floating_point())
            return (value, null);
        (value * y.detach()).sum().backward();
        return (value.detach(), x.grad);
    }

    private static Tensor Floating(Tensor x) => x.is_floating_point() ? x.clone() : x.to(ScalarType.Float32);
}
