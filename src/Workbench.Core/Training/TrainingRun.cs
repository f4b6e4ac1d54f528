using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using Workbench.Distributed;
using Workbench.Distributed.Tracing;
using Workbench.Tensors;
using Workbench.Training.Checkpoints;
using Workbench.Training.Native;
using Workbench.Training.Optimizers;
using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>One run of a <see cref="TrainingLoop"/>, read from <see cref="Run"/> down.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly nn.Module _module;
    private readonly Func<Batch, Tensor> _loss;
    private readonly TrainingLoopOptions _options;
    private readonly IBatchSource _source;
    private readonly TrainingValidation? _validate;
    private readonly ICollective _ranks;
    private readonly DistributedDataParallel? _parallel;
    private readonly StepTimeline? _timeline;
    private readonly Device _device;
    private readonly IProgress<TrainingEvent>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly DisposeScope _scope;
    private readonly IStepOptimizer _optimizer;
    private readonly LossScale _scale = new();
    private readonly PlateauWatch _plateau;
    private readonly LossMean _meanLoss;
    private readonly BestModel? _best;
    private readonly TrainingCheckpoints? _checkpoints;
    private readonly long? _totalSteps;
    private readonly List<TrainingEvent.Validated> _validations = [];
    private readonly Throughput _throughput = new();
    private readonly RankReporter? _job = RankReporter.ForJob();

    private TorchThreads? _threads;
    private long _step, _batches;
    private int _epoch = 1;

    public TrainingRun(
        nn.Module module, Func<Batch, Tensor> loss, TrainingLoopOptions options, IBatchSource source, TrainingValidation? validate,
        Device device, IProgress<TrainingEvent>? progress, CancellationToken cancellationToken)
    {
        _timeline = options.Distributed.Timeline is { } files ? new(options.Distributed.Ranks, files) : null;
        if (_timeline is not null)
            options = options with { Distributed = options.Distributed with { Ranks = _timeline.Ranks } };
        (_module, _loss, _options, _source, _validate, _device, _progress, _cancellationToken) = (module, loss, options, source, validate, device, progress, cancellationToken);
        _ranks = options.Distributed.Ranks;
        Autocast.EnsureAvailable(options.Precision);
        _totalSteps = TotalSteps();
        _plateau = new(options);
        _scope = NewDisposeScope();
        try
        {
            _module.to(device);
            _optimizer = StepOptimizer.Create(module, options.Optimizer, options.Distributed);
            _meanLoss = new(device, _ranks);
            _best = validate is null ? null : new(module, options);
            _checkpoints = options.Checkpoints is { } kept ? new(kept, module, _optimizer, _best, _ranks, options.Seed) : null;
            if (_ranks.Size > 1)
                _parallel = new(module, _ranks, options.Distributed.Gradients, Settings()) { KeepsGradientTensors = _optimizer.Engine == OptimizerEngine.Flat };
        }
        catch
        {
            _scope.Dispose();   // a scope that is left open would own whatever the thread makes from now on
            throw;
        }
    }

    public TrainingOutcome Run()
    {
        manual_seed(RankSeed(_options.Seed, _ranks.Rank));
        Resume();
        _timeline?.Start(_step);
        while (!IsFinished)
            if (TrainEpoch())
                EndEpoch();
        _job?.TellRest(_step, _epoch, _meanLoss.OwnSinceLast);
        _best?.Restore();
        _parallel?.BroadcastState();   // the best weights are rank 0's, which alone read them from a checkpoint
        _module.eval();
        _timeline?.Write();
        return new()
        {
            Steps = _step, Epochs = _batches > 0 ? _epoch : _epoch - 1, TrainingLoss = _meanLoss.Last, Best = _best?.Result, BestStep = _best?.Step ?? 0,
            StoppedEarly = _best?.IsPatienceOver ?? false, Device = _device.ToString(), Engine = _optimizer.Engine,
        };
    }

    // Derived from the position alone, so that a training that was finished goes on when it may now go further.
    private bool IsFinished => _step >= (_options.MaxSteps ?? long.MaxValue) || _epoch > (_options.MaxEpochs ?? int.MaxValue) || _best?.IsPatienceOver == true;

    /// <summary>Trains on the rest of the epoch; false when the training ended within it.</summary>
    private bool TrainEpoch()
    {
        _module.train();
        double weight = 0;
        int gathered = 0;
        var batches = _source.ReadFor(_ranks, _epoch, _batches, _device, _cancellationToken);
        foreach (var batch in _timeline?.Timed(batches) ?? batches)
        {
            using (batch)
            {
                _threads ??= Threads(batch);
                _cancellationToken.ThrowIfCancellationRequested();
                if (gathered == 0)
                    ClearGradients();
                weight += Backward(batch, isLast: gathered + 1 == _options.AccumulationSteps);
                _throughput.Add(batch.Rows);
                _timeline?.AddRows(batch.Rows);
                _job?.AddRows(batch.Rows);
            }
            _batches++;
            if (++gathered < _options.AccumulationSteps)
                continue;
            Step(weight);
            (weight, gathered) = (0, 0);
            if (IsFinished)
                return false;
        }
        if (_batches == 0)
            throw new Data.DataException($"The training has no batch ({_source.Description}). Widen the window.");
        if (gathered > 0)
            Step(weight);   // what is left of an epoch is a step as well
        return true;
    }

    // Several batches' gradients are summed with their weights, and divided by the sum of weights: one batch's mean. The sum
    // of a single batch's parts is known before, so that each loss is divided instead of all gradients.
    private double Backward(Batch batch, bool isLast)
    {
        int parts = _options.Distributed.Parts;
        double weight = 0;
        for (int i = 0; i < parts; i++)
        {
            var part = batch.Part(_ranks.Rank * parts + i, _ranks.Size * parts);
            using var rows = part.Rows == batch ? null : part.Rows;
            using var local = isLast && i == parts - 1 ? null : _parallel?.NoSync();
            Backward(part.Rows, part.Weight, part.Weight / (IsDivided ? 1 : batch.Weight));
            weight += part.Weight;
        }
        return weight;
    }

    private void Backward(Batch batch, double weight, double factor)
    {
        using var scope = NewDisposeScope();
        Tensor loss;
        var begun = _timeline?.Begin() ?? default;
        using (Autocast.Begin(_device.type, _options.Precision))
            loss = _loss(batch);
        _timeline?.End(TimelineKind.Forward, begun);
        if (loss.numel() != 1)
            throw new ArgumentException($"The loss has the shape [{string.Join(", ", loss.shape)}]; it must be one number, such as the mean over the batch.");
        _meanLoss.Add(loss, weight);
        factor *= IsScaled ? _scale.Value : 1;
        begun = _timeline?.Begin() ?? default;
        (factor == 1 ? loss : loss.Times(factor)).backward();
        _timeline?.End(TimelineKind.Backward, begun);
    }

    private bool IsDivided => _options.AccumulationSteps > 1;

    private void ClearGradients()
    {
        _optimizer.ClearGradients();
        _parallel?.BeginStep();
    }

    private bool IsScaled => _options.Precision == TrainingPrecision.Float16;

    private void Step(double weight)
    {
        using var scope = NewDisposeScope();
        weight = SumGradients(weight);
        var begun = _timeline?.Begin() ?? default;
        double factor = (IsDivided ? weight : 1) * (IsScaled ? _scale.Value : 1);
        var gradients = factor != 1 || _options.ClipNorm is not null ? _optimizer.Gradients() : [];
        if (factor != 1)
            GradientNorm.Scale(gradients, 1 / factor);
        var norm = IsScaled || _options.ClipNorm is not null ? GradientNorm.Of(gradients) : null;
        double learningRate = LearningRate();
        if (IsScaled && !double.IsFinite(norm!.ToNumber()))   // a scaled loss has a norm
        {
            _scale.Overflowed();
            Report(new TrainingEvent.StepSkipped { Step = _step, Epoch = _epoch, LossScale = _scale.Value });
            _step++;
        }
        else
        {
            if (_options.ClipNorm is { } limit)
                GradientNorm.Clip(gradients, norm!, limit);   // clipping has a norm
            _optimizer.Step(learningRate);
            if (IsScaled)
                _scale.Succeeded();
            _step++;
        }
        _timeline?.End(TimelineKind.Optimizer, begun);
        _timeline?.EndStep();
        AfterStep(norm, learningRate);
    }

    private double SumGradients(double weight)
    {
        if (_parallel is null)
            return weight;
        var begun = _timeline?.Begin() ?? default;
        long began = Stopwatch.GetTimestamp();
        weight = _parallel.SumGradients(weight);
        _timeline?.End(TimelineKind.Gradients, begun);
        _job?.AddWait(began);
        return weight;
    }

    private void AfterStep(Tensor? norm, double learningRate)
    {
        _job?.AddStep(_step, _epoch, _meanLoss.OwnSinceLast);
        if (_step % _options.LogEverySteps == 0 || _step == _totalSteps)
            ReportProgress(norm, learningRate);
        if (_options.ValidateEverySteps is { } every && _step % every == 0)
            ValidateOnce();
        if (_step == _options.MaxSteps)
            ValidateOnce();
        if (_checkpoints is not null && (_checkpoints.IsDue(_step) || _step == _options.MaxSteps))
            WriteCheckpoint();
    }

    private void EndEpoch()
    {
        Report(new TrainingEvent.EpochEnded { Step = _step, Epoch = _epoch, Loss = _meanLoss.EndEpoch(Explain) });
        if (_options.ValidateEverySteps is null || _epoch == _options.MaxEpochs)
            ValidateOnce();
        _job?.TellRest(_step, _epoch, _meanLoss.OwnSinceLast);
        (_epoch, _batches) = (_epoch + 1, 0);
        if (_checkpoints is not null && (_checkpoints.IsDueAfterEpochs || IsFinished))
            WriteCheckpoint();
    }

    private void ValidateOnce()
    {
        if (_best is not null && _best.LastStep != _step)
            Validate();
    }

    private void Validate()
    {
        ValidationResult result;
        var begun = _timeline?.Begin() ?? default;
        long began = Stopwatch.GetTimestamp();
        _module.eval();
        using (NewDisposeScope())
        using (Inference.Begin(_module))
        using (Autocast.Begin(_device.type, _options.Precision))
            result = _validate!.Measure(_ranks);   // only called with one
        _module.train();
        _timeline?.End(TimelineKind.Validation, begun);
        _job?.AddValidation(result.Loss, began);
        double trainingLoss = _meanLoss.SinceValidation(Explain);
        double value = result.Value(_options.Monitor);
        if (!double.IsFinite(value))
            throw new TrainingException(FormattableString.Invariant($"The validation's {_options.Monitor} is {value} after step {_step}. {Explain()}"));
        bool isBest = _best!.Offer(_step, result, value);   // a validation has a best
        _plateau.See(value);
        _validations.Add(new() { Step = _step, Epoch = _epoch, Result = result, TrainingLoss = trainingLoss, IsBest = isBest, BestStep = _best.Step });
        Report(_validations[^1]);
    }

    private double LearningRate() => _options.Optimizer.LearningRate * _options.Schedule.Factor(_step, _totalSteps ?? 1) * _plateau.Factor;

    private long? TotalSteps()
    {
        long? perEpoch = (_source.BatchesPerEpoch + _options.AccumulationSteps - 1) / _options.AccumulationSteps;
        long? steps = (_options.MaxSteps, perEpoch * _options.MaxEpochs) switch
        {
            ({ } most, { } all) => Math.Min(most, all),
            var (most, all) => most ?? all,
        };
        return steps is null && _options.Schedule.NeedsTotal
            ? throw new ArgumentException($"The schedule '{_options.Schedule}' needs the number of steps, and the batches of an epoch are not known before its end. Set MaxSteps.") : steps;
    }

    private TorchThreads Threads(Batch first) => _options.Threads is { } threads ? new(threads)
        : new TorchThreads((long)first.Weight, _module.parameters().Sum(parameter => parameter.numel()));

    private void Resume()
    {
        if (_checkpoints?.Find(Report, _source, _options) is not { } found)
            return;
        var card = found.Card;
        (_step, _epoch, _batches) = (card.Step, card.Epoch, card.Batches);
        _validations.AddRange(card.Validations);
        _scale.Restore(card.LossScale, card.StepsSinceScaleChange);
        _plateau.Restore(card.PlateauFactor, card.PlateauWait, card.PlateauBest);
        if (_ranks.Rank == 0)
            _meanLoss.Restore(card.Loss, card.EpochLoss);   // the sum over ranks counts it once
        _parallel?.BroadcastState();
        Report(new TrainingEvent.Resumed { Step = _step, Epoch = _epoch, Path = found.Path, Validations = card.Validations });
    }

    private void WriteCheckpoint()
    {
        var begun = _timeline?.Begin() ?? default;
        string? path = _checkpoints!.Write(new CheckpointCard   // only called with checkpoints
        {
            Step = _step, Epoch = _epoch, Batches = _batches, Source = _source.Description, AccumulationSteps = _options.AccumulationSteps,
            Optimizer = _checkpoints.OptimizerName(_options), LossScale = _scale.Value, StepsSinceScaleChange = _scale.StepsSinceChange,
            PlateauFactor = _plateau.Factor, PlateauWait = _plateau.Wait, PlateauBest = _plateau.Best,
            Loss = _meanLoss.SumSinceValidation(), EpochLoss = _meanLoss.SumSinceEpoch(),
            Best = _best?.Result, BestStep = _best?.Step ?? 0, ValidationsSinceBest = _best?.Waited ?? 0,
            LastValidatedStep = _best?.LastStep ?? 0, Validations = _validations,
        });
        _timeline?.End(TimelineKind.Checkpoint, begun);
        if (path is not null)   // another rank has written it
            Report(new TrainingEvent.CheckpointWritten { Step = _step, Epoch = _epoch, Path = path });
    }

    private void ReportProgress(Tensor? norm, double learningRate)
    {
        double loss = _meanLoss.SinceReport(Explain);
        Report(new TrainingEvent.Progress
        {
            Step = _step, Epoch = _epoch, Loss = loss, LearningRate = learningRate, GradientNorm = norm?.ToNumber(), RowsPerSecond = _throughput.Take(), TotalSteps = _totalSteps,
        });
    }

    // Dropout differs from rank to rank, as it does from row to row.
    internal static long RankSeed(long seed, int rank) => unchecked(seed + 1_000_003L * rank);

    private string Settings() => string.Create(CultureInfo.InvariantCulture,
        $"the batches '{_source.Description}'\nthe optimizer {_options.Optimizer}, {_optimizer.Engine}\n{_options.AccumulationSteps} accumulation steps, {_options.Precision}, seed {_options.Seed}\na length of {_options.MaxEpochs} epochs and {_options.MaxSteps} steps\n{_options.Distributed.Parts} parts a rank, {_options.Distributed.Gradients}");

    private void Report(TrainingEvent value) => _progress?.Report(value);

    private string Explain() => FormattableString.Invariant(
        $"Lower the learning rate, which is {_options.Optimizer.LearningRate}, clip the gradients (ClipNorm), and look for extreme values in the data.");

    public void Dispose()
    {
        _threads?.Dispose();
        _parallel?.Dispose();
        _optimizer.ClearGradients();
        _optimizer.Dispose();
        _scope.Dispose();
    }
}
