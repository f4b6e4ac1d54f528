using System.ComponentModel.DataAnnotations;
using Workbench.Training;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Which language model learns which text, and how. The command <c>workbench finetune</c> fills in the same.</summary>
[Activity(FineTune.Type, DisplayName = "Fine-tune language model", Category = "Models", Kind = ActivityKind.Job, PlacesInput = nameof(Processes), Outcomes = [FineTune.Done, FineTune.Forgot],
    Description = "Fine-tunes a language model on new text, with an adapter or as a whole, measures perplexity on held-out new and old text before and after, and registers a version unless more of the old was forgotten than allowed. A step registers one version, however often it is tried.")]
[Output("version", "Int32", "The new version; null when too much was forgotten.")]
[Output("runId", "String", "Id of the run in the registry.")]
[Output("metrics", "Object", "Perplexities before and after, gain and forgetting, by name.")]
internal sealed record FineTuneOptions : IStepJobOptions
{
    [Input("Name of the model in the registry.")]
    public required string ModelName { get; init; }
    [Input("Folder of the model as Hugging Face lays it out, relative to the project; empty for a model from scratch.")]
    public string? Base { get; init; }
    [Input("New text: a .txt or .md file, or .jsonl with text, prompt and completion, or messages.")]
    public required string Data { get; init; }
    [Input("Text that the model knew, measured for what it forgets; empty: none.")]
    public string? Old { get; init; }
    [Input("What is trained.")]
    public FineTuneMethod Method { get; init; } = FineTuneMethod.Lora;
    [Input("Width of the adapter."), Range(1, 4_096)]
    public int Rank { get; init; } = 8;
    [Input("Scale of the adapter, times 1 / rank."), Range(1e-6, 1e6)]
    public double Alpha { get; init; } = 16;
    [Input("Dropout on the adapter's input."), Range(0.0, 0.99)]
    public double LoraDropout { get; init; }
    [Input("Projections with an adapter, by the end of their name, such as c_attn or q_proj; empty: all but the output head.")]
    public IReadOnlyList<string> Targets { get; init; } = [];
    [Input("Whether the adapter is merged into the weights, so that the version is a whole model.")]
    public bool Merge { get; init; }
    [Input("Size of a model from scratch: tiny, small, medium or gpt2.")]
    public string Config { get; init; } = "small";
    [Input("Tokens of the tokenizer of a model from scratch."), Range(258, 1_000_000)]
    public int Vocabulary { get; init; } = 2_000;
    [Input("Most passes over the new text."), Range(1, 10_000)]
    public int Epochs { get; init; } = 1;
    [Input("Most steps; empty: as many as the passes take.")]
    public int? Steps { get; init; }
    [Input("Rows a batch."), Range(1, 100_000)]
    public int BatchSize { get; init; } = 8;
    [Input("Batches whose gradients make a step."), Range(1, 100_000)]
    public int Accumulate { get; init; } = 1;
    [Input("Tokens a row; empty: the model's positions, at most 256.")]
    public int? Context { get; init; }
    [Input("Peak learning rate; empty: 2e-4 for an adapter, 5e-5 for every weight, 1e-3 from scratch.")]
    public double? LearningRate { get; init; }
    [Input("Steps of rise to the peak."), Range(0, 1_000_000)]
    public int Warmup { get; init; } = 20;
    [Input("Share of each text that is held out, by the hash of its pieces."), Range(0.001, 0.9)]
    public double HeldOut { get; init; } = 0.1;
    [Input("Share of rows that are old text, against forgetting."), Range(0.0, 0.99)]
    public double Replay { get; init; }
    [Input("By how much the perplexity on the old text may rise, as a share: 0.1 is 10 %; empty: no bound.")]
    public double? MaxForgetting { get; init; }
    [Input("Numbers to compute with.")]
    public TrainingPrecision Precision { get; init; } = TrainingPrecision.Float32;
    [Input("Whether blocks are computed again in the backward pass: less memory, a third more time.")]
    public bool Recompute { get; init; }
    [Input("Seed of order, dropout and fresh weights."), Range(0, int.MaxValue)]
    public int Seed { get; init; } = 42;
    [Input("cpu, cuda:N, or auto for the first GPU where there is one.")]
    public string Device { get; init; } = "cpu";
    [Input("Processor threads; empty: by the size of a step.")]
    public int? Threads { get; init; }
    [Input("Experiment of the run; empty: the model's name.")]
    public string? Experiment { get; init; }
    [Input("Processes that train together, each on its part of a batch, over Open MPI (openmpi-bin). The step takes as many places of its node."), Range(1, StepJob.MostProcesses)]
    public int Processes { get; init; } = 1;
    [Input("Hosts and how many of the processes each takes, such as a:2,b:2, with the same paths and ssh without a password; empty: all on the step's own. With one process: as many as the hosts take.")]
    public string? Hosts { get; init; }
    [Input("How often processes of which one was lost are started anew, from the last checkpoint."), Range(0, StepJob.MostRestarts)]
    public int MaxRestarts { get; init; } = 3;
    [Input("Time without a step of any process after which all are started anew; longer than the longest evaluation.")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(5);
}
