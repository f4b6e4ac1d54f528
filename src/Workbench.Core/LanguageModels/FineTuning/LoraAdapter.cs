using TorchSharp;
using Workbench.Data;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// A LoRA adapter on a model (Hu et al. 2021): beside each chosen projection y = x Wᵀ lies a narrow second way,
/// scale · x Aᵀ Bᵀ. While it is attached only A and B learn; the model's own weights keep their bits. A fresh adapter
/// changes nothing. Not thread-safe.
/// </summary>
/// <example><code>
/// using var adapter = LoraAdapter.Create(model, new() { Rank = 8, Targets = ["c_attn"] });
/// new FineTuner(model, options, adapter).Run(batches);
/// adapter.Save("adapter");   // PEFT's files
/// adapter.Merge();           // or into the weights
/// </code></example>
public sealed class LoraAdapter : IDisposable
{
    private readonly CausalLanguageModel _model;
    private readonly IReadOnlyList<(string Name, Projection Projection, LoraLayer Layer)> _layers;
    private readonly HashSet<string> _frozen = [];   // by name: moving a model to a device replaces its parameters

    private LoraAdapter(CausalLanguageModel model, LoraOptions options, IReadOnlyList<(string Name, Projection Projection)> targets)
    {
        (_model, Options) = (model, options);
        _layers = targets.Select(target => (target.Name, target.Projection, new LoraLayer(target.Projection, options))).ToList();
    }

    /// <summary>The adapter's shape.</summary>
    public LoraOptions Options { get; }

    /// <summary>Full names of the projections with a layer, in the model's order.</summary>
    public IReadOnlyList<string> Projections => _layers.Select(layer => layer.Name).ToList();

    /// <summary>Number of the adapter's own weights.</summary>
    public long ParameterCount => _layers.Sum(layer => layer.Layer.A.numel() + layer.Layer.B.numel());

    /// <summary>Whether the model uses the adapter at present.</summary>
    public bool IsAttached { get; private set; }

    /// <summary>The model that the adapter was made for.</summary>
    internal CausalLanguageModel Model => _model;

    internal IReadOnlyList<(string Name, Projection Projection, LoraLayer Layer)> Layers => _layers;

    /// <summary>A fresh adapter, attached. The same seed gives the same weights on the same kind of device.</summary>
    /// <exception cref="ArgumentException">The options are wrong, or a target is unknown; lists the known ones.</exception>
    /// <exception cref="InvalidOperationException">The model has an adapter already.</exception>
    public static LoraAdapter Create(CausalLanguageModel model, LoraOptions options)
    {
        var adapter = new LoraAdapter(model, options.EnsureValid(), LoraTargets.Of(model, options.Targets));
        using var generator = new Generator((ulong)options.Seed, adapter._layers[0].Projection.Weight.device);
        foreach (var (_, _, layer) in adapter._layers)
            layer.Reset(generator);
        adapter.Attach();
        return adapter;
    }

    /// <summary>Reads adapter_config.json and adapter_model.safetensors as PEFT writes them, and attaches the adapter.</summary>
    /// <exception cref="DataException">A file is missing or damaged, asks for something that is not supported, or does not fit the model; all misfits are listed.</exception>
    /// <exception cref="InvalidOperationException">The model has an adapter already.</exception>
    public static LoraAdapter Load(CausalLanguageModel model, string folder)
    {
        var options = PeftFiles.ReadConfig(folder);
        using var file = PeftFiles.OpenWeights(folder);
        var adapter = new LoraAdapter(model, options, PeftFiles.Projections(file, model, folder));
        PeftFiles.CopyTo(file, adapter, folder);
        adapter.Attach();
        return adapter;
    }

    /// <summary>Puts the adapter on and freezes the model's own weights.</summary>
    /// <exception cref="InvalidOperationException">The model has an adapter already.</exception>
    public void Attach()
    {
        if (_model.Projections.FirstOrDefault(named => named.Value.Adapter is not null).Key is { } taken)
            throw new InvalidOperationException($"'{taken}' has an adapter already. Detach it, or merge it into the weights, first.");
        foreach (var (name, parameter) in _model.named_parameters().Where(named => named.parameter.requires_grad))
        {
            parameter.requires_grad = false;
            _frozen.Add(name);
        }
        foreach (var (_, projection, layer) in _layers)
        {
            layer.to(projection.Weight.device);
            layer.train(_model.training);
            projection.Adapter = layer;
        }
        IsAttached = true;
    }

    /// <summary>Takes the adapter off: the model is what it was, to the bit, and its weights learn again. The adapter can be attached again.</summary>
    public void Detach()
    {
        if (!IsAttached)
            return;
        foreach (var (_, projection, _) in _layers)
            projection.Adapter = null;
        foreach (var (_, parameter) in _model.named_parameters().Where(named => _frozen.Contains(named.name)))
            parameter.requires_grad = true;
        _frozen.Clear();
        IsAttached = false;
    }

    /// <summary>Adds scale · B A to the weights and takes the adapter off, so that it costs nothing any more.</summary>
    /// <exception cref="InvalidOperationException">The adapter is not attached.</exception>
    public void Merge()
    {
        if (!IsAttached)
            throw new InvalidOperationException("The adapter is not attached: it was merged or taken off. Attach it first.");
        using var gradients = no_grad();
        foreach (var (_, projection, layer) in _layers)
        {
            using var scope = NewDisposeScope();
            var difference = layer.Difference();                                   // [out, in]
            projection.Weight.copy_(projection.Weight.to_type(ScalarType.Float32).Plus(projection.IsInputFirst ? difference.t() : difference));
        }
        Detach();
    }

    /// <summary>Writes adapter_config.json and adapter_model.safetensors as PEFT reads them.</summary>
    /// <param name="folder">Created where it is missing.</param>
    /// <param name="baseModel">Name or folder of the model that the adapter belongs to, for who loads it; null for none.</param>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string folder, string? baseModel = null) => PeftFiles.Write(this, folder, baseModel);

    /// <summary>Takes the adapter off and frees its weights.</summary>
    public void Dispose()
    {
        Detach();
        foreach (var (_, _, layer) in _layers)
            layer.Dispose();
    }
}
