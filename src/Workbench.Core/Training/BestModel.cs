using static TorchSharp.torch;

namespace Workbench.Training;

/// <summary>The best validation so far and a copy of the weights it was reached with. The first always counts.</summary>
internal sealed class BestModel(nn.Module module, TrainingLoopOptions options)
{
    private readonly IReadOnlyList<(string Name, Tensor Live, Tensor Kept)> _weights = Copies(module);
    private double _value = double.NaN;

    /// <summary>What the best validation measured; null before the first.</summary>
    public ValidationResult? Result { get; private set; }

    /// <summary>The step of the best validation.</summary>
    public long Step { get; private set; }

    /// <summary>The step of the last validation.</summary>
    public long LastStep { get; private set; }

    /// <summary>Validations since the last that counted as better.</summary>
    public int Waited { get; private set; }

    public bool IsPatienceOver => options.EarlyStopping is { } stopping && Waited >= stopping.Patience;

    /// <summary>The kept weights by name.</summary>
    public IEnumerable<(string Name, Tensor Value)> Weights => _weights.Select(weight => (weight.Name, weight.Kept));

    /// <summary>Takes a validation, and the weights when it is the best so far; says whether it is.</summary>
    public bool Offer(long step, ValidationResult result, double value)
    {
        LastStep = step;
        double gain = options.HigherIsBetter ? value - _value : _value - value;
        Waited = Result is null || gain > (options.EarlyStopping?.MinimumChange ?? 0) ? 0 : Waited + 1;
        if (Result is not null && !(gain > 0))
            return false;
        (Result, Step, _value) = (result, step, value);
        using var gradients = no_grad();
        foreach (var (_, live, kept) in _weights)
            kept.copy_(live);
        return true;
    }

    /// <summary>Puts the kept weights into the module.</summary>
    public void Restore()
    {
        if (Result is null)
            return;
        using var gradients = no_grad();
        foreach (var (_, live, kept) in _weights)
            live.copy_(kept);
    }

    /// <summary>Goes on from a checkpoint, whose weights <see cref="Weights"/> already hold.</summary>
    public void Restore(ValidationResult? result, long step, long lastStep, int waited) =>
        (Result, Step, LastStep, Waited, _value) = (result, step, lastStep, waited, result?.Value(options.Monitor) ?? double.NaN);

    private static List<(string, Tensor, Tensor)> Copies(nn.Module module)
    {
        using var gradients = no_grad();
        return module.state_dict().Select(weight => (weight.Key, weight.Value, weight.Value.detach().clone())).ToList();
    }
}
