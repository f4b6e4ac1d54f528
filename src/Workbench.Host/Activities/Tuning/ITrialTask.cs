using Workbench.Training.Tuning;

namespace Workbench.Host.Activities.Tuning;

/// <summary>What a worker does for a trial.</summary>
internal interface ITrialTask
{
    /// <summary>The trial's value; its run is kept in the registry. Of a trial that is over already, any number.</summary>
    Task<double> RunAsync(ActiveTrial trial, CancellationToken cancellationToken);
}
