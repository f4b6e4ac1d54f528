using Workbench.Features;

namespace Workbench.Training.Tabular;

/// <summary>The learned part of a tabular model: raw scores of rows.</summary>
internal abstract class TabularPredictor : IDisposable
{
    /// <summary>Number of learned weights.</summary>
    public abstract long ParameterCount { get; }

    /// <summary>Raw scores [N × O], row-major. Thread-safe.</summary>
    public abstract float[] Scores(TabularData data, TabularPreprocessor preprocessor);

    /// <summary>The weights as tensors.</summary>
    public abstract IReadOnlyList<SafeTensor> ToTensors();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
