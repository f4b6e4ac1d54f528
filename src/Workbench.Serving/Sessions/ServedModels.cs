using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Serving.Sessions;

/// <summary>
/// The models in service, one version a name. A new version is loaded and tried before it takes over, in one step:
/// every request is answered by the old or by the new one. Thread-safe.
/// </summary>
public sealed class ServedModels : IDisposable
{
    private readonly ConcurrentDictionary<string, ServedModel> _active = new(StringComparer.Ordinal);
    private readonly Lock _changing = new();
    private bool _disposed;

    /// <summary>What is in service now, by name.</summary>
    public IReadOnlyList<ServedModel> Active => _active.Values.OrderBy(served => served.Name, StringComparer.Ordinal).ToList();

    /// <summary>Puts a version into service from a file; see <see cref="Activate(string, int, byte[], string)"/>.</summary>
    /// <exception cref="DataException">The file cannot be served; what was in service stays.</exception>
    public ServedModel Activate(string name, int version, string modelPath) =>
        Activate(name, version, () => OnnxModel.Load(modelPath));

    /// <summary>
    /// Loads a version, answers one row with it, and lets it take over from the version in service, which is freed when
    /// its last request ends. Blocks while loading; changes happen one after the other.
    /// </summary>
    /// <param name="name">The model's name.</param>
    /// <param name="version">The version, at least 1.</param>
    /// <param name="model">A whole ONNX file of the exporter.</param>
    /// <param name="origin">Where the bytes come from, for messages.</param>
    /// <exception cref="DataException">The bytes cannot be served; what was in service stays.</exception>
    public ServedModel Activate(string name, int version, byte[] model, string origin) =>
        Activate(name, version, () => OnnxModel.Load(model, origin));

    /// <summary>Takes a model out of service; false when it was not in service.</summary>
    public bool Deactivate(string name)
    {
        lock (_changing)
        {
            if (!_active.TryRemove(name, out var served))
                return false;
            served.Release();
            return true;
        }
    }

    /// <summary>A lease on the version in service; false when the name, or the named version, is not. Dispose the lease.</summary>
    public bool TryGet(string name, int? version, [NotNullWhen(true)] out ServedModelLease? lease)
    {
        lease = null;
        // A lease fails only when a swap ended between the look-up and the lease; the next look-up finds its successor.
        while (lease is null && _active.TryGetValue(name, out var served) && (version is null || served.Version == version))
            lease = served.TryLease();
        return lease is not null;
    }

    /// <summary>Takes every model out of service.</summary>
    public void Dispose()
    {
        lock (_changing)
            _disposed = true;
        foreach (string name in _active.Keys)
            Deactivate(name);
    }

    private ServedModel Activate(string name, int version, Func<OnnxModel> load)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var next = new ServedModel(name, version, LoadWarm(load));
            _active.TryGetValue(name, out var previous);
            _active[name] = next;
            previous?.Release();
            return next;
        }
    }

    private static OnnxModel LoadWarm(Func<OnnxModel> load)
    {
        var model = load();
        try
        {
            return model.Answer(RowOfMissingValues(model.Schema)).Numbers.All(float.IsFinite)
                ? model
                : throw new DataException("The model answers a row of missing values with no number. Train and export it again.");
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static TabularData RowOfMissingValues(FeatureSchema schema) => new()
    {
        Schema = schema,
        Numeric = schema.Numeric.Select(_ => float.NaN).ToArray(),
        Categorical = new string?[schema.Categorical.Count],
        Labels = [],
        Ids = [],
        Rows = 1,
    };
}
