namespace Workbench.Training;

/// <summary>How an optimizer computes; the results agree within 1e-6.</summary>
public enum OptimizerEngine
{
    /// <summary>Fused AdamW where libtorch has it, else the builtin.</summary>
    Auto,
    /// <summary>TorchSharp's, a managed loop of some eight native calls a parameter; unlike in <c>torch.optim</c>, no garbage collection can free a number that libtorch still reads.</summary>
    Builtin,
    /// <summary>All parameters and all gradients as one tensor each, one set of operations a step. A parameter that a step did not use counts as one with gradient 0.</summary>
    Flat,
    /// <summary>libtorch's single-pass kernel, of AdamW only. Parameters without a gradient are left alone.</summary>
    Fused,
}
