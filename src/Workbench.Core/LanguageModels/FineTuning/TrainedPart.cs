using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>The adapter's weights as a module of their own, so that optimizer, checkpoints and the best weights hold them alone; the whole model changes its mode with it.</summary>
internal sealed class TrainedPart : nn.Module
{
    private readonly LoraAdapter _adapter;

    public TrainedPart(LoraAdapter adapter) : base(nameof(TrainedPart))
    {
        _adapter = adapter;
        foreach (var (name, _, layer) in adapter.Layers)
            register_module(name.Replace('.', '/'), layer);   // a dot would be another level
    }

    public override void train(bool train = true) => _adapter.Model.train(train);
}
