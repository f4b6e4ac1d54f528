using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>Rows of a table by number; unlike TorchSharp's Embedding it starts without drawing random numbers.</summary>
internal sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    public TokenEmbedding(long rows, long width, ScalarType type, Device device) : base(nameof(TokenEmbedding))
    {
        _weight = new(empty(rows, width, dtype: type, device: device));
        RegisterComponents();
    }

    /// <summary>[rows, width].</summary>
    public Parameter Weight => _weight;

    /// <summary>[..] int64 to [.., width].</summary>
    public override Tensor forward(Tensor numbers) =>
        _weight.index_select(0, numbers.reshape(-1)).view([.. numbers.shape, _weight.shape[1]]);
}
