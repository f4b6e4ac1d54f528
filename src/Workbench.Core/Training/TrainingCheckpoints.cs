using System.Text.Json;
using Workbench.Data;
using Workbench.Distributed;
using Workbench.Training.Checkpoints;
using Workbench.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Moves a training's state to and from its folder of checkpoints. Rank 0 writes and reads; the others give and get their parts, so that any number of ranks goes on from any other's.</summary>
internal sealed class TrainingCheckpoints(CheckpointOptions options, nn.Module module, IStepOptimizer optimizer, BestModel? best, ICollective ranks, long seed)
{
    private const string ModelPrefix = "model.", BestPrefix = "best.", OptimizerPrefix = "optimizer.", GeneratorName = "generator";

    private readonly CheckpointFolder _folder = new(options.Folder);

    public bool IsDueAfterEpochs => options.EverySteps is null;

    public bool IsDue(long step) => options.EverySteps is { } every && step % every == 0;

    public string OptimizerName(TrainingLoopOptions loop) => $"{loop.Optimizer.Kind} ({optimizer.Engine})";

    /// <summary>Writes, on rank 0; null on the others.</summary>
    public string? Write(CheckpointCard card)
    {
        using var scope = NewDisposeScope();
        var state = optimizer.State();
        var generators = Enumerable.Range(0, ranks.Size)
            .SelectMany(rank => TensorExchange.Broadcast(rank == ranks.Rank ? [(GeneratorOf(rank), get_rng_state())] : null, ranks, rank)).ToList();
        if (ranks.Rank != 0)
            return null;
        var tensors = module.state_dict().Select(weight => (ModelPrefix + weight.Key, weight.Value))
            .Concat(state.Select(value => (OptimizerPrefix + value.Name, value.Value)))
            .Concat(best?.Result is null ? [] : best.Weights.Select(weight => (BestPrefix + weight.Name, weight.Value)))
            .Concat(generators);
        return _folder.Write(card, tensors.ToList(), options.KeepLast);
    }

    private static string GeneratorOf(int rank) => rank == 0 ? GeneratorName : $"{GeneratorName}.{rank}";

    /// <summary>Puts the newest whole checkpoint back and returns what else it holds; null when there is none.</summary>
    /// <exception cref="DataException">It belongs to another training, or no checkpoint of several is whole.</exception>
    public (CheckpointCard Card, string Path)? Find(Action<TrainingEvent> report, IBatchSource source, TrainingLoopOptions loop)
    {
        if (!options.Resume)
            return null;
        using var scope = NewDisposeScope();
        var (found, state) = ranks.Rank == 0 ? Newest(report, source, loop) : default;
        if (ranks.Size > 1)
            found = Spread(found, state);
        return found is null ? null : (found.Card, found.Path);
    }

    // The module's own values are spread by data parallelism, after this.
    private Found? Spread(Found? found, IReadOnlyList<(string Name, Tensor Value)>? state)
    {
        string text = TensorExchange.Broadcast(ranks.Rank != 0 ? null : found is null ? "" : JsonSerializer.Serialize(found), ranks);
        if (text.Length == 0)
            return null;
        var values = TensorExchange.Broadcast(state, ranks).ToDictionary(value => value.Name, value => value.Value);
        if (ranks.Rank == 0)
            return found;
        found = JsonSerializer.Deserialize<Found>(text)!;   // written above
        best?.Restore(found.Card.Best, found.Card.BestStep, found.Card.LastValidatedStep, found.Card.ValidationsSinceBest);
        optimizer.Load(values);
        if (values.TryGetValue(GeneratorOf(ranks.Rank), out var generator))
            set_rng_state(generator);
        else
            manual_seed(TrainingRun.RankSeed(seed + found.Card.Step, ranks.Rank));   // the checkpoint is of fewer ranks
        return found;
    }

    private (Found? Found, IReadOnlyList<(string Name, Tensor Value)>? State) Newest(Action<TrainingEvent> report, IBatchSource source, TrainingLoopOptions loop)
    {
        var damaged = new List<string>();
        foreach (string path in _folder.Paths())
        {
            try
            {
                var (card, tensors) = CheckpointFolder.Read(path);
                using (tensors)
                {
                    RequireSame(path, card, source, loop);
                    return (new(card, path), Restore(path, card, tensors));
                }
            }
            catch (DataException failure) when (failure.Origin is not null)   // of the file; what belongs to another training has none
            {
                damaged.Add(path);
                report(new TrainingEvent.CheckpointDamaged { Step = 0, Epoch = 1, Path = path, Reason = failure.Message });
            }
        }
        return damaged.Count == 0 ? default : throw new DataException(
            $"None of the {damaged.Count} checkpoints in '{options.Folder}' is whole. Move the folder away to begin anew; the first is '{damaged[0]}'.");
    }

    private void RequireSame(string path, CheckpointCard card, IBatchSource source, TrainingLoopOptions loop)
    {
        foreach (var (what, then, now) in new[]
        {
            ("batches", card.Source, source.Description), ("optimizer", card.Optimizer, OptimizerName(loop)), ("accumulation steps", $"{card.AccumulationSteps}", $"{loop.AccumulationSteps}"),
        })
            if (then != now)
                throw new DataException(
                    $"The checkpoint '{path}' was written by another training: its {what} were '{then}' and are now '{now}'. Take the same, another folder, or Resume = false to begin anew.");
    }

    // Returns what the other ranks need of it: the optimizer's state and the generators.
    private IReadOnlyList<(string Name, Tensor Value)> Restore(string path, CheckpointCard card, SafeTensorsFile stored)
    {
        Put(path, stored, ModelPrefix, module.state_dict().Select(weight => (weight.Key, weight.Value)));
        if (best is not null && card.Best is not null)
            Put(path, stored, BestPrefix, best.Weights);
        best?.Restore(card.Best, card.BestStep, card.LastValidatedStep, card.ValidationsSinceBest);
        var state = stored.Entries.Where(entry => entry.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal))
            .Select(entry => (Name: entry.Name[OptimizerPrefix.Length..], Value: Loaded(stored, entry))).ToList();
        var generators = stored.Entries.Where(entry => entry.Name == GeneratorName || entry.Name.StartsWith(GeneratorName + ".", StringComparison.Ordinal))
            .Select(entry => (entry.Name, Value: Loaded(stored, entry))).ToList();
        optimizer.Load(state.ToDictionary(value => value.Name, value => value.Value));
        set_rng_state(generators.Single(value => value.Name == GeneratorName).Value);
        return [.. state, .. generators];
    }

    private static Tensor Loaded(SafeTensorsFile stored, SafeTensorEntry entry)
    {
        var value = empty(entry.Shape.ToArray(), TensorFiles.TorchType(entry.Type));
        stored.CopyTo(entry.Name, value);
        return value;
    }

    private static void Put(string path, SafeTensorsFile saved, string prefix, IEnumerable<(string Name, Tensor Value)> targets)
    {
        var shapes = saved.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Name[prefix.Length..], entry => entry.Shape);
        var expected = targets.ToList();
        var wrong = expected.Where(target => !shapes.Remove(target.Name, out var shape) || !shape.SequenceEqual(target.Value.shape))
            .Select(target => $"'{target.Name}' [{string.Join(", ", target.Value.shape)}]").ToList();
        if (wrong.Count + shapes.Count > 0)
            throw new DataException(
                $"The checkpoint '{path}' belongs to another network: it does not fit {string.Join(", ", wrong.Concat(shapes.Keys.Select(name => $"'{name}' (left over)")))}. Take the same network, or another folder.");
        foreach (var (name, value) in expected)
            saved.CopyTo(prefix + name, value);
    }

    private sealed record Found(CheckpointCard Card, string Path);
}
