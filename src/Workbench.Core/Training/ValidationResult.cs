namespace Workbench.Training;

/// <summary>What a validation measured.</summary>
/// <param name="Loss">Mean loss over the validation rows. Lower is better.</param>
/// <param name="Metrics">More figures by name; none by default.</param>
public sealed record ValidationResult(double Loss, IReadOnlyDictionary<string, double>? Metrics = null)
{
    /// <summary>The loss under the name <c>loss</c>, or a metric.</summary>
    /// <exception cref="ArgumentException">There is no such metric; lists those there are.</exception>
    public double Value(string name) => name == "loss" ? Loss
        : Metrics is not null && Metrics.TryGetValue(name, out double value) ? value
        : throw new ArgumentException($"The validation has no metric '{name}'. It has: {string.Join(", ", (Metrics?.Keys ?? []).Prepend("loss"))}.", nameof(name));
}
