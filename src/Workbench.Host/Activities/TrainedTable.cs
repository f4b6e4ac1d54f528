using Workbench.Features;
using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>A model trained on a table, and the rows of it; owns the model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Training">The rows that it saw.</param>
/// <param name="Holdout">Those that it never saw.</param>
internal sealed record TrainedTable(TrainedTabularModel Model, TabularData Training, TabularData Holdout) : IDisposable
{
    public void Dispose() => Model.Dispose();
}
