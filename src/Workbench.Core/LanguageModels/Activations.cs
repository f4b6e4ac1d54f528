using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Activation functions by the names that config.json uses.</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["gelu"] = x => nn.functional.gelu(x),
        ["gelu_new"] = Tanh, ["gelu_fast"] = Tanh, ["gelu_pytorch_tanh"] = Tanh,
        ["silu"] = Silu, ["swish"] = Silu,
        ["relu"] = x => x.relu(),
        ["tanh"] = x => x.tanh(),
    };

    public static IReadOnlyCollection<string> Names => Functions.Keys;

    public static Func<Tensor, Tensor> Named(string name) => Functions[name];

    private static Tensor Silu(Tensor x) => nn.functional.silu(x);

    // GELU's tanh approximation: 0.5 x (1 + tanh(√(2/π) (x + 0.044715 x³)))
    private static Tensor Tanh(Tensor x) => nn.functional.gelu(x, GELU.Approximate.tanh);
}
