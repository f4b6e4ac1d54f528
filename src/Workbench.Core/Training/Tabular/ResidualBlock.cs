using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Training.Tabular;

/// <summary>x + Dropout(Linear(Dropout(ReLU(Linear(LayerNorm(x)))))), twice as wide inside. B batch, W width.</summary>
public sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Builds a block with random weights from libtorch's generator.</summary>
    /// <param name="width">W.</param>
    /// <param name="dropout">Share dropped in training.</param>
    public ResidualBlock(int width, double dropout) : base(nameof(ResidualBlock))
    {
        Branch = nn.Sequential(
            ("0", nn.LayerNorm(width)), ("1", nn.Linear(width, 2 * width)), ("2", nn.ReLU()), ("3", nn.Dropout(dropout)),
            ("4", nn.Linear(2 * width, width)), ("5", nn.Dropout(dropout)));
        register_module("branch", Branch);
    }

    /// <summary>What is added, from [B × W] to [B × W].</summary>
    public Sequential Branch { get; }

    /// <summary>[B × W] to [B × W].</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return input.Plus(Branch.forward(input)).MoveToOuterDisposeScope();
    }
}
