using TorchSharp;
using Workbench.Data;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Trains a language model on new text and says what that gained and what it cost: perplexity on held-out new and old text,
/// before and after. With an adapter only that learns; without, every weight does, also those of a fresh model. Not
/// thread-safe.
/// </summary>
/// <example><code>
/// using var model = CausalLanguageModel.Load("gpt2");
/// using var adapter = LoraAdapter.Create(model, new() { Rank = 8 });
/// var result = new FineTuner(model, new() { Epochs = 2, MaxForgetting = 0.1 }, adapter).Run(newText, oldText);
/// Console.WriteLine($"{result.NewBefore.Value:F2} -> {result.NewAfter.Value:F2}, forgot {result.Forgetting:P1}");
/// </code></example>
public sealed class FineTuner
{
    private const int DefaultContext = 256;

    private readonly CausalLanguageModel _model;
    private readonly FineTuningOptions _options;
    private readonly LoraAdapter? _adapter;
    private readonly int _context;

    /// <summary>Prepares a training; nothing happens yet.</summary>
    /// <param name="model">What is trained, in place.</param>
    /// <param name="options">How.</param>
    /// <param name="adapter">The attached adapter that learns in place of the model's weights; null trains those.</param>
    /// <exception cref="ArgumentException">The options are wrong, or the adapter belongs to another model or is not attached.</exception>
    public FineTuner(CausalLanguageModel model, FineTuningOptions options, LoraAdapter? adapter = null)
    {
        (_model, _options, _adapter) = (model, options.EnsureValid(), adapter);
        if (adapter is not null && (adapter.Model != model || !adapter.IsAttached))
            throw new ArgumentException("The adapter is not attached to this model. Create, load or attach it first.");
        _context = options.Context ?? Math.Min(model.Config.ContextLength, DefaultContext);
        if (_context > model.Config.ContextLength)
            throw new ArgumentException($"A context of {_context} tokens was asked for; the model has {model.Config.ContextLength} positions. Ask for at most that many.");
        if (options.Stride > _context)
            throw new ArgumentException($"A stride of {options.Stride} was asked for; with a context of {_context} tokens it must be at most that.");
    }

    /// <summary>Trains. The model is in evaluation mode after, with the weights that were best on the new held-out text.</summary>
    /// <param name="newText">To learn, and to be judged by.</param>
    /// <param name="oldText">What the model knew: judged before and after, and replayed where asked for; null for none.</param>
    /// <param name="progress">Gets what happens.</param>
    /// <param name="cancellationToken">Ends the training; checkpoints stay.</param>
    /// <exception cref="ArgumentException">A bound or replay was asked for and there is no old text.</exception>
    /// <exception cref="TrainingException">The device is missing, or the loss became no number.</exception>
    /// <exception cref="DataException">A text has nothing to predict, or a checkpoint belongs to another training.</exception>
    public FineTuningResult Run(TokenCorpus newText, TokenCorpus? oldText = null, IProgress<TrainingEvent>? progress = null, CancellationToken cancellationToken = default)
    {
        if (oldText is null && (_options.MaxForgetting is not null || _options.ReplayShare > 0))
            throw new ArgumentException("A bound on forgetting, or a replay of old text, takes old text. Give it, or leave both out.");
        Check(newText);
        if (oldText is not null)
            Check(oldText);
        var device = TorchRuntime.Device(_options.Device);
        _model.to(device);
        var batches = new TokenWindows(newText.Training, _context, _options.BatchSize, _options.Seed, packs: true, oldText?.Training, _options.ReplayShare);
        PerplexityResult? On(TokenCorpus? text) =>
            text is null ? null : Perplexity.Measure(_model, text.HeldOut, _context, _options.Stride, _options.BatchSize, _options.Precision, cancellationToken);
        long parameters = _model.parameters().Sum(parameter => parameter.numel());
        int threads = _options.Threads ?? TorchThreads.CountFor((long)_options.BatchSize * _context, parameters);   // an adapter's own weights are the least of the work
        using var limit = new TorchThreads(threads);
        var (newBefore, oldBefore) = (On(newText)!, On(oldText));   // of a text there is a result
        var outcome = Train(batches, threads, () => new ValidationResult(On(newText)!.MeanLoss), progress, cancellationToken);
        return new()
        {
            NewBefore = newBefore, NewAfter = On(newText)!, OldBefore = oldBefore, OldAfter = On(oldText), MaxForgetting = _options.MaxForgetting, Training = outcome,
            TrainedParameters = _adapter?.ParameterCount ?? parameters, Parameters = parameters, TokensPerEpoch = batches.TargetTokens,
        };
    }

    private TrainingOutcome Train(IBatchSource batches, int threads, Func<ValidationResult> validate, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        using var checkpointing = _options.RecomputesBlocks ? new GradientCheckpointing(_model, _options.Precision) : null;
        nn.Module trained = _adapter is null ? _model : new TrainedPart(_adapter);
        return new TrainingLoop(trained, batch => LanguageModelLoss.Mean(_model, batch), _options.Loop() with { Threads = threads }).Run(batches, validate, progress, cancellationToken);
    }

    private void Check(TokenCorpus text)
    {
        int largest = text.Training.Concat(text.HeldOut).SelectMany(document => document.Tokens).DefaultIfEmpty(0).Max();
        if (largest >= _model.Config.VocabularySize)
            throw new ArgumentException($"The text has the token {largest} and the model {_model.Config.VocabularySize} tokens. Encode it with the model's own tokenizer.");
    }
}
