using Workbench.Data;
using Workbench.Training.Checkpoints;
using Workbench.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>Moves a training's state to and from its folder of checkpoints.</summary>
internal sealed class TrainingCheckpoints(CheckpointOptions options, nn.Module module, IStepOptimizer optimizer, BestModel? best)
{
    private const string ModelPrefix = "model.", BestPrefix = "best.", OptimizerPrefix = "optimizer.", GeneratorName = "generator";

    private readonly CheckpointFolder _folder = new(options.Folder);

    public bool IsDueAfterEpochs => options.EverySteps is null;

    public bool IsDue(long step) => options.EverySteps is { } every && step % every == 0;

    public string OptimizerName(TrainingLoopOptions loop) => $"{loop.Optimizer.Kind} ({optimizer.Engine})";

    public string Write(CheckpointCard card)
    {
        using var scope = NewDisposeScope();
        var tensors = module.state_dict().Select(weight => (ModelPrefix + weight.Key, weight.Value))
            .Concat(optimizer.State().Select(value => (OptimizerPrefix + value.Name, value.Value)))
            .Concat(best?.Result is null ? [] : best.Weights.Select(weight => (BestPrefix + weight.Name, weight.Value)))
            .Append((GeneratorName, get_rng_state()));
        return _folder.Write(card, tensors.ToList(), options.KeepLast);
    }

    /// <summary>Puts the newest whole checkpoint back and returns what else it holds; null when there is none.</summary>
    /// <exception cref="DataException">It belongs to another training, or no checkpoint of several is whole.</exception>
    public (CheckpointCard Card, string Path)? Find(Action<TrainingEvent> report, IBatchSource source, TrainingLoopOptions loop)
    {
        if (!options.Resume)
            return null;
        var damaged = new List<string>();
        foreach (string path in _folder.Paths())
        {
            try
            {
                var (card, tensors) = CheckpointFolder.Read(path);
                using (tensors)
                {
                    RequireSame(path, card, source, loop);
                    Restore(path, card, tensors);
                }
                return (card, path);
            }
            catch (DataException failure) when (failure.Origin is not null)   // of the file; what belongs to another training has none
            {
                damaged.Add(path);
                report(new TrainingEvent.CheckpointDamaged { Step = 0, Epoch = 1, Path = path, Reason = failure.Message });
            }
        }
        return damaged.Count == 0 ? null : throw new DataException(
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

    private void Restore(string path, CheckpointCard card, SafeTensorsFile stored)
    {
        using var scope = NewDisposeScope();
        Put(path, stored, ModelPrefix, module.state_dict().Select(weight => (weight.Key, weight.Value)));
        if (best is not null && card.Best is not null)
            Put(path, stored, BestPrefix, best.Weights);
        best?.Restore(card.Best, card.BestStep, card.LastValidatedStep, card.ValidationsSinceBest);
        optimizer.Load(stored.Entries.Where(entry => entry.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal)).ToDictionary(
            entry => entry.Name[OptimizerPrefix.Length..], entry => Loaded(stored, entry)));
        set_rng_state(Loaded(stored, stored.Entries.Single(entry => entry.Name == GeneratorName)));
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
}
