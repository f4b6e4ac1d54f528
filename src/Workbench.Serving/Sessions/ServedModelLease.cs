namespace Workbench.Serving.Sessions;

/// <summary>The right to use a served model until disposed; a swap meanwhile does not touch it. Not thread-safe.</summary>
public sealed class ServedModelLease : IDisposable
{
    private bool _returned;

    internal ServedModelLease(ServedModel served, OnnxModel model) => (Served, Model) = (served, model);

    /// <summary>Name and version.</summary>
    public ServedModel Served { get; }
    /// <summary>The session; do not dispose it.</summary>
    public OnnxModel Model { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_returned)
            return;
        _returned = true;
        Served.Release();
    }
}
