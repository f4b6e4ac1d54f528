namespace Workbench.Registry;

/// <summary>Identifies a run of an experiment: 32 hexadecimal digits, as MLflow writes them.</summary>
public readonly record struct RunId(string Value)
{
    /// <summary>An id that was never given before; later ids sort after earlier ones.</summary>
    public static RunId New() => new(Guid.CreateVersion7().ToString("N"));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
