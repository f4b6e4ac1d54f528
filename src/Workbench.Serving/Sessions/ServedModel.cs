using Workbench.Features;

namespace Workbench.Serving.Sessions;

/// <summary>
/// One version of a model in service. It counts who uses it: the registry of served models holds one share, every
/// request one more, and the session is freed when the last share is returned, never while a request runs.
/// </summary>
public sealed class ServedModel
{
    private readonly OnnxModel _model;
    private int _shares = 1;

    internal ServedModel(string name, int version, OnnxModel model) => (Name, Version, _model) = (name, version, model);

    /// <summary>The model's name.</summary>
    public string Name { get; }
    /// <summary>The version in service.</summary>
    public int Version { get; }
    /// <summary>The columns it reads.</summary>
    public FeatureSchema Schema => _model.Schema;
    /// <summary>What it predicts.</summary>
    public PredictionTask Task => _model.Task;
    /// <summary>[C] names of the classes in the order of their probabilities; none for a regression.</summary>
    public IReadOnlyList<string> Classes => _model.Classes;
    /// <summary>Hash of the weights it was exported from.</summary>
    public string WeightsHash => _model.WeightsHash;
    /// <summary>Whether the session has been freed; true only after a swap and the end of its last request.</summary>
    internal bool IsReleased => Volatile.Read(ref _shares) == 0;

    /// <summary>Takes a share, or null when the last one has been returned already.</summary>
    internal ServedModelLease? TryLease()
    {
        int shares = Volatile.Read(ref _shares);
        while (shares > 0)
        {
            int seen = Interlocked.CompareExchange(ref _shares, shares + 1, shares);
            if (seen == shares)
                return new(this, _model);
            shares = seen;
        }
        return null;
    }

    /// <summary>Returns a share.</summary>
    internal void Release()
    {
        if (Interlocked.Decrement(ref _shares) == 0)
            _model.Dispose();
    }
}
