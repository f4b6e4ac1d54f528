using Workbench.Features;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>A model trained on a table, and the rows of it; owns the model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Training">The rows that it saw.</param>
/// <param name="Holdout">Those that it never saw.</param>
/// <param name="Timeline">What the training did when, see <see cref="RunTimeline"/>; null where nobody asked.</param>
internal sealed record TrainedTable(TrainedTabularModel Model, TabularData Training, TabularData Holdout, byte[]? Timeline) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
