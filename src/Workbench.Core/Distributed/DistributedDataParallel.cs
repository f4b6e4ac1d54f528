using System.Globalization;
using TorchSharp.Modules;
using Workbench.Tensors;
using static TorchSharp.torch;

namespace Workbench.Distributed;

/// <summary>
/// Keeps replicas of a module equal on all ranks: they begin with rank 0's parameters and buffers, and after every backward
/// pass get the gradients of all ranks. Each rank computes on its part of a batch; with a mean loss, N ranks of B/N rows
/// step as one of B rows does. Gradients travel in flat buckets in the order in which a backward pass makes them (Li et al.,
/// PyTorch Distributed, 2020). Parameters that no rank has used keep no gradient; tied and reused ones are exchanged
/// once. Not thread-safe; one a process at a time where gradients overlap.
/// </summary>
/// <example><code>
/// using var parallel = new DistributedDataParallel(model, Collective.Current);
/// foreach (var (x, y) in myPart)
/// {
///     parallel.ZeroGradients();
///     loss(model.forward(x), y).backward();
///     parallel.Synchronize();
///     optimizer.step();
/// }
/// </code></example>
public sealed class DistributedDataParallel : IDisposable
{
    private const long LargeBytes = 1 << 20;   // from here on the call of a reduction is nothing beside its work

    private readonly nn.Module _module;
    private readonly ICollective _ranks;
    private readonly DataParallelOptions _options;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly IReadOnlyList<GradientBucket> _buckets;
    private readonly IReadOnlyList<Tensor> _buffers;
    private readonly GradientSignals? _signals;

    private int _next;
    private bool _isSynchronizing = true;

    /// <summary>Checks that all ranks have the same module and gives them rank 0's values. Every rank makes one at the same point.</summary>
    /// <param name="module">The replica of this rank, on its device.</param>
    /// <param name="ranks">Default <see cref="Collective.Current"/>.</param>
    /// <param name="options">How gradients travel.</param>
    /// <param name="settings">More that must be the same on all ranks, such as the optimizer's; compared as text.</param>
    /// <exception cref="DistributedException">A rank has another module or other settings; names the first difference.</exception>
    /// <exception cref="ArgumentException">The options are wrong, or no parameter is trained.</exception>
    public DistributedDataParallel(nn.Module module, ICollective? ranks = null, DataParallelOptions? options = null, string settings = "")
    {
        (_module, _ranks, _options) = (module, ranks ?? Collective.Current, options ?? new());
        if (_options.Validate() is { Count: > 0 } errors)
            throw new ArgumentException($"Options of data parallelism are wrong: {string.Join(" ", errors)}", nameof(options));
        ReplicaCheck.Require(module, settings, _ranks);
        var seen = new HashSet<nint>();
        _parameters = module.parameters().Where(parameter => parameter.requires_grad && seen.Add(parameter.Handle)).ToList();
        if (_parameters.Count == 0)
            throw new ArgumentException($"The module '{module.GetName()}' has no parameter to train.", nameof(module));
        _buffers = module.buffers().Where(buffer => seen.Add(buffer.Handle)).ToList();
        Overlaps = _ranks.Size > 1 && _options.Overlap switch
        {
            GradientOverlap.On => true,
            GradientOverlap.Off => false,
            _ => RankEnvironment.SpansHosts,
        };
        _buckets = Buckets();
        _signals = Overlaps ? new GradientSignals(module, _buckets, LaunchReady) : null;
        BroadcastState();
    }

    /// <summary>Whether gradients are exchanged during the backward pass.</summary>
    public bool Overlaps { get; }

    /// <summary>Buckets that the last step began before its backward pass had ended.</summary>
    public int LaunchedEarly { get; private set; }

    /// <summary>When set, the optimizer's gradient tensors stay and are written in place.</summary>
    internal bool KeepsGradientTensors { get; set; }

    /// <summary>Forgets the gradients of the step before, and takes rank 0's buffers. Before each step's first forward pass.</summary>
    public void ZeroGradients()
    {
        if (!KeepsGradientTensors)
            foreach (var parameter in _parameters)
                parameter.grad = null;
        BeginStep();
    }

    /// <summary>Until disposed, backward passes add to this rank's own gradients and nothing travels: for all but the last part of an accumulated batch.</summary>
    public IDisposable NoSync()
    {
        _isSynchronizing = false;
        return new Synchronizing(this);
    }

    /// <summary>Gives every rank the mean of all ranks' gradients. After the backward pass, on every rank, also on one that had no rows.</summary>
    /// <param name="weight">What this rank's mean loss counts for, such as its rows; default 1, the same for all. 0 for a rank without rows.</param>
    /// <exception cref="DistributedException">The engine failed, or all weights are 0.</exception>
    public void Synchronize(double weight = 1)
    {
        if (_ranks.Size == 1)
            return;
        if (weight != 1)
        {
            if (Overlaps)
                throw new InvalidOperationException($"Gradients that are exchanged early cannot be weighted by {weight} afterwards. Multiply the loss by its rows and take Overlap = Off, or train with TrainingLoop.");
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            foreach (var parameter in _parameters)
                parameter.grad?.MultiplyInPlace(weight);
        }
        double total = SumGradients(weight);
        if (!(total > 0))
            throw new DistributedException($"The weights of all {_ranks.Size} ranks sum up to {total}: no rank had rows in this step. Leave empty batches out.");
        using (NewDisposeScope())
        using (no_grad())
            foreach (var parameter in _parameters)
                parameter.grad?.DivideInPlace(total);
    }

    /// <summary>Rank 0's buffers, before a step's first forward pass.</summary>
    internal void BeginStep()
    {
        _next = 0;
        LaunchedEarly = 0;
        _signals?.Arm();
        if (_options.BroadcastsBuffers && _ranks.Size > 1)
            TensorExchange.BroadcastInto(_buffers, _ranks);
    }

    /// <summary>Sums the gradients, which are weighted already, over all ranks; returns the sum of weights.</summary>
    internal double SumGradients(double weight)
    {
        while (_next < _buckets.Count)
            _buckets[_next++].Launch(_ranks);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        // What all ranks must agree on: the weight, which parameters any has used, and which buckets grew after they had left.
        var used = _parameters.Select(parameter => parameter.grad is null ? 0.0 : 1);
        var late = _buckets.Select(bucket => _signals is not null && _signals.IsLate(bucket) ? 1.0 : 0);
        using var agreed = tensor((double[])[weight, .. used, .. late]);
        var agreement = _ranks.AllReduce(agreed);
        agreement.Subject = "weights and flags";
        agreement.Wait();
        double[] sums = agreed.data<double>().ToArray();
        for (int i = 0; i < _buckets.Count; i++)
        {
            if (sums[1 + _parameters.Count + i] > 0)
            {
                _buckets[i].Work.Wait();
                _buckets[i].Launch(_ranks);
            }
        }
        foreach (var bucket in _buckets)
            bucket.Land(index => sums[1 + index] > 0, KeepsGradientTensors);
        return sums[0];
    }

    /// <summary>Gives every rank the parameters and buffers of rank 0.</summary>
    internal void BroadcastState() => TensorExchange.BroadcastInto([.. _module.parameters().DistinctBy(parameter => parameter.Handle), .. _buffers], _ranks);

    private void LaunchReady()
    {
        if (!_isSynchronizing)
            return;
        while (_next < _buckets.Count && _signals!.IsReady(_buckets[_next]))   // only called by them
        {
            _signals.Note(_buckets[_next]);
            _buckets[_next++].Launch(_ranks);
            LaunchedEarly++;
        }
    }

    // Last parameters first: a backward pass comes to them first. A large one goes alone where that saves its copy.
    private List<GradientBucket> Buckets()
    {
        var buckets = new List<GradientBucket>();
        var places = new List<int>();
        long bytes = 0;
        void Close()
        {
            if (places.Count > 0)
                buckets.Add(new(string.Create(CultureInfo.InvariantCulture, $"bucket {buckets.Count}"), [.. places], [.. places.Select(place => _parameters[place])], _options.CompressesGradients, copies: Overlaps));
            places.Clear();
            bytes = 0;
        }
        for (int i = _parameters.Count - 1; i >= 0; i--)
        {
            var parameter = _parameters[i];
            long size = parameter.numel() * parameter.element_size();
            bool isOther = places.Count > 0 && (_parameters[places[^1]].dtype != parameter.dtype || _parameters[places[^1]].device.ToString() != parameter.device.ToString());
            bool isAlone = size >= LargeBytes && !Overlaps && !_options.CompressesGradients;
            if (isAlone || isOther || bytes + size > (buckets.Count == 0 ? _options.FirstBucketBytes : _options.BucketBytes))
                Close();
            places.Add(i);
            bytes += size;
            if (isAlone)
                Close();
        }
        Close();
        return buckets;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals?.Dispose();
        foreach (var parameter in _parameters)
            parameter.grad = null;   // views of what goes
        foreach (var bucket in _buckets)
            bucket.Dispose();
    }

    private sealed class Synchronizing(DistributedDataParallel parallel) : IDisposable
    {
        public void Dispose()
        {
            parallel._isSynchronizing = true;
            parallel._signals?.Arm();   // the next pass counts anew
        }
    }
}
