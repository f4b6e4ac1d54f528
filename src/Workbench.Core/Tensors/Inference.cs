using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Tensors;

/// <summary>Asking a module for answers without training it.</summary>
public static class Inference
{
    /// <summary>
    /// Like <see cref="no_grad"/> until it is disposed of, except for a module with an <see cref="LSTM"/> in it, which goes on
    /// recording gradients: libtorch 2.10 then takes the LSTM that training takes.
    /// </summary>
    /// <remarks>
    /// Without gradients libtorch hands an LSTM on the CPU to oneDNN, whose kernel for AVX-512 answers wrongly on some processors
    /// (seen on AMD EPYC of family 26: off by 0.1 to 0.4 at 4 to 33 hidden units, where the path with gradients is right to 1e-7; also
    /// https://github.com/pytorch/pytorch/issues/173922). Where gradients cannot stay on, set ONEDNN_MAX_CPU_ISA=AVX2 in the
    /// environment before the process starts. The price is the memory of a recorded forward pass.
    /// </remarks>
    /// <param name="module">What will be asked.</param>
    public static IDisposable? Begin(nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module is LSTM || module.modules().Any(part => part is LSTM) ? null : no_grad();
    }
}
