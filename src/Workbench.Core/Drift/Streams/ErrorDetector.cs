namespace Workbench.Drift.Streams;

/// <summary>Watches errors: 1 where the model was wrong, 0 where it was right.</summary>
internal abstract class ErrorDetector<TMemory>(StreamSettings settings) : StreamDetector<TMemory>(settings) where TMemory : class, new()
{
    protected sealed override (double Least, double Most, string Meaning) Range => (0, 1, "0 (right) or 1 (wrong)");

    protected sealed override bool Takes(double value) => value is 0 or 1;
}
