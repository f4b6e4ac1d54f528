using System.Globalization;
using Workbench.Data;
using Workbench.Host.Jobs;
using Workbench.LanguageModels.FineTuning;
using Workbench.Registry;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>Reads a model and texts, fine-tunes, and writes a folder: what the command and the activity have in common.</summary>
internal sealed class FineTuneJob(FineTuneOptions options)
{
    /// <summary>Where checkpoints go, from which the next run of the same job goes on; null keeps none.</summary>
    public string? Checkpoints { get; init; }

    /// <summary>File that the timeline of the training goes to; null for none.</summary>
    public string? Timeline { get; init; }

    /// <summary>Does the part of a rank that is not the first: it trains with the others, and says and writes nothing.</summary>
    /// <exception cref="CommandException">As of <see cref="Run"/>.</exception>
    public void Follow(CancellationToken cancellationToken) => Run("", _ => { }, null, cancellationToken);

    /// <summary>Says what is wrong with the options as far as can be told without the model and the texts.</summary>
    /// <exception cref="CommandException">An option is wrong, or a file is not there.</exception>
    public void Check()
    {
        CheckBase();
        foreach (string path in new[] { options.Base, options.Data, options.Old }.OfType<string>().Select(Path))
            if (!File.Exists(path) && !Directory.Exists(path))
                throw new CommandException($"'{path}' is missing. Name what is there.");
        try
        {
            Tuning().EnsureValid();
        }
        catch (ArgumentException failure)
        {
            throw new CommandException(failure.Message);
        }
    }

    /// <summary>Runs. Of several ranks each does, and only the first writes.</summary>
    /// <param name="output">Folder that gets the model or adapter, with its tokenizer.</param>
    /// <param name="say">Gets a line about what is trained, before it is.</param>
    /// <param name="progress">Gets what happens; null tells nobody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="CommandException">An option is wrong, or does not fit the model or text.</exception>
    public FineTuneReport Run(string output, Action<string> say, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return Train(output, say, progress, cancellationToken);
        }
        catch (ArgumentException failure)   // of options that only the model and the text can judge
        {
            throw new CommandException(failure.Message);
        }
    }

    /// <summary>Registers a folder that <see cref="Run"/> wrote.</summary>
    public static Task<ModelVersion> RegisterAsync(ModelRegistry registry, FineTuneOptions options, FineTuneReport report, string folder, RunId? run, string? key, string description, CancellationToken cancellationToken)
    {
        var files = NewModelVersion.FilesIn(folder);
        var tags = new Dictionary<string, string>
        {
            ["kind"] = report.IsAdapter ? "peft-adapter" : "language-model", ["trained_on"] = report.Result.Training.Device,
            [ModelFiles.WeightsHashTag] = DataSnapshot.Hash(files.Where(file => file.Key.EndsWith(".safetensors", StringComparison.Ordinal)).Select(file => file.Value)),
        };
        if (options.Base is { } from)
            tags["base_model"] = from;
        var version = new NewModelVersion
        {
            Name = options.ModelName, Files = files, RunId = run, Metrics = report.Metrics, Parameters = Parameters(options), Tags = tags, Description = description,
            DataHash = DataSnapshot.Hash(new[] { options.Data, options.Old }.OfType<string>().Select(Path)),
        };
        return registry.RegisterAsync(key is null ? version : version with { IdempotencyKey = key }, cancellationToken);
    }

    /// <summary>The options as a record of a run keeps them.</summary>
    public static IReadOnlyDictionary<string, string> Parameters(FineTuneOptions options)
    {
        static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["method"] = options.Method.ToString(), ["base"] = options.Base ?? "", ["data"] = options.Data, ["old"] = options.Old ?? "", ["epochs"] = Text(options.Epochs), ["steps"] = Text(options.Steps),
            ["batchSize"] = Text(options.BatchSize), ["accumulate"] = Text(options.Accumulate), ["context"] = Text(options.Context), ["learningRate"] = Text(LearningRate(options)),
            ["heldOut"] = Text(options.HeldOut), ["replay"] = Text(options.Replay), ["maxForgetting"] = Text(options.MaxForgetting), ["precision"] = options.Precision.ToString(),
            ["seed"] = Text(options.Seed), ["device"] = options.Device,
        };
        if (options.Method == FineTuneMethod.Lora)
            (parameters["rank"], parameters["alpha"], parameters["targets"]) = (Text(options.Rank), Text(options.Alpha), string.Join(", ", Lora(options).Targets));
        if (options.Method == FineTuneMethod.Scratch)
            (parameters["config"], parameters["vocabulary"]) = (options.Config, Text(options.Vocabulary));
        return parameters;
    }

    private FineTuneReport Train(string output, Action<string> say, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        using var timeline = new RunTimeline(Timeline);
        var tuning = (Tuning() with { Timeline = timeline.Options }).EnsureValid();
        CheckBase();
        using var known = IsFresh ? null : FineTuningSession.Load(Path(options.Base!), options.Method == FineTuneMethod.Lora ? Lora(options) : null);   // not fresh: there is one
        var template = known is null ? ChatTemplate.Plain : ChatTemplate.For(known.Tokenizer);
        var newText = TextCorpus.Read(Path(options.Data), options.HeldOut, template: template);
        var oldText = options.Old is null ? null : TextCorpus.Read(Path(options.Old), options.HeldOut, template: template);
        using var fresh = known is null ? FineTuningSession.Fresh(options.Config, Texts(newText).Concat(Texts(oldText)), options.Vocabulary, options.Seed, cancellationToken) : null;
        var session = known ?? fresh!;   // one of both is there
        var (newTokens, oldTokens) = (newText.Encode(session.Tokenizer), oldText?.Encode(session.Tokenizer));
        say(string.Create(CultureInfo.InvariantCulture,
            $"{session.ModelType} of {session.Parameters:N0} weights, {session.TrainedParameters:N0} of them trained; {Count(newTokens.Training):N0} new tokens to learn, {Count(newTokens.HeldOut):N0} held out{(oldTokens is null ? "" : $"; {Count(oldTokens.HeldOut):N0} old tokens to judge by")}"));
        var result = session.Run(tuning, newTokens, oldTokens, progress, cancellationToken);
        if (RankJob.IsFirst)
            session.Save(output, options.Merge, options.Base);
        return new(result, oldText is null ? null : TextNovelty.Of(Texts(newText), Texts(oldText), session.Tokenizer), options is { Method: FineTuneMethod.Lora, Merge: false }, timeline.Read());
    }

    private bool IsFresh => options.Method == FineTuneMethod.Scratch;

    private void CheckBase()
    {
        if (IsFresh == options.Base is not null)
            throw new CommandException(IsFresh ? $"A model from scratch has no base, and '{options.Base}' was given. Leave it out, or fine-tune it." : "There is no base model. Give its folder, or train one from scratch.");
    }

    private FineTuningOptions Tuning() => new()
    {
        Context = options.Context, BatchSize = options.BatchSize, AccumulationSteps = options.Accumulate, Epochs = options.Epochs, Steps = options.Steps, LearningRate = LearningRate(options),
        WarmupSteps = options.Warmup, Precision = options.Precision, Device = options.Device, Threads = options.Threads, Seed = options.Seed, RecomputesBlocks = options.Recompute, ReplayShare = options.Replay,
        MaxForgetting = options.MaxForgetting, Checkpoints = Checkpoints is null ? null : new() { Folder = Checkpoints },
    };

    private static LoraOptions Lora(FineTuneOptions options) => new()
    {
        Rank = options.Rank, Alpha = options.Alpha, Dropout = options.LoraDropout, Targets = options.Targets.Count > 0 ? options.Targets : [LoraOptions.AllLinear], Seed = options.Seed,
    };

    private static double LearningRate(FineTuneOptions options) =>
        options.LearningRate ?? options.Method switch { FineTuneMethod.Full => 5e-5, FineTuneMethod.Scratch => 1e-3, _ => 2e-4 };

    private static string Path(string relative) => System.IO.Path.GetFullPath(relative, ProjectFolder.Current);

    private static IEnumerable<string> Texts(TextCorpus? corpus) => corpus?.Training.Select(document => document.Text) ?? [];

    private static long Count(IEnumerable<TokenDocument> documents) => documents.Sum(document => (long)document.Tokens.Count);
}
