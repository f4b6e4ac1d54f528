using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>What the prefix <c>transformer</c> names: embeddings, blocks and the last norm.</summary>
internal sealed class Gpt2Body : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "wte")]
    private readonly TokenEmbedding _tokens;
    [ComponentName(Name = "wpe")]
    private readonly TokenEmbedding _positions;
    [ComponentName(Name = "h")]
    private readonly ModuleList<Gpt2Block> _blocks;
    [ComponentName(Name = "ln_f")]
    private readonly LayerNorm _norm;

    public Gpt2Body(Gpt2Config config, ScalarType type, Device device) : base(nameof(Gpt2Body))
    {
        _tokens = new(config.VocabularySize, config.HiddenSize, type, device);
        _positions = new(config.ContextLength, config.HiddenSize, type, device);
        _blocks = new(Enumerable.Range(0, config.LayerCount).Select(layer => new Gpt2Block(config, layer, type, device)).ToArray());
        _norm = nn.LayerNorm(config.HiddenSize, config.NormEpsilon, device: device, dtype: type);
        RegisterComponents();
    }

    public TokenEmbedding Tokens => _tokens;
    public TokenEmbedding Positions => _positions;
    public IEnumerable<Gpt2Block> Blocks => _blocks;
    public LayerNorm Norm => _norm;

    public override Tensor forward(Tensor input) => throw new NotSupportedException("Call the model, which runs the parts.");
}
