using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>What the prefix <c>model</c> names: embedding, blocks and the last norm.</summary>
internal sealed class LlamaBody : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "embed_tokens")]
    private readonly TokenEmbedding _tokens;
    [ComponentName(Name = "layers")]
    private readonly ModuleList<LlamaBlock> _blocks;
    [ComponentName(Name = "norm")]
    private readonly RootMeanSquareNorm _norm;

    public LlamaBody(LlamaConfig config, ScalarType type, Device device) : base(nameof(LlamaBody))
    {
        _tokens = new(config.VocabularySize, config.HiddenSize, type, device);
        _blocks = new(Enumerable.Range(0, config.LayerCount).Select(layer => new LlamaBlock(config, layer, type, device)).ToArray());
        _norm = new(config.HiddenSize, config.NormEpsilon, type, device);
        RegisterComponents();
    }

    public TokenEmbedding Tokens => _tokens;
    public IEnumerable<LlamaBlock> Blocks => _blocks;
    public RootMeanSquareNorm Norm => _norm;

    public override Tensor forward(Tensor input) => throw new NotSupportedException("Call the model, which runs the parts.");
}
