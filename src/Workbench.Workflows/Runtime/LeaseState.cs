namespace Workbench.Workflows.Runtime;

/// <summary>What a heartbeat hears.</summary>
internal enum LeaseState
{
    /// <summary>Go on.</summary>
    Held,
    /// <summary>The run is being cancelled: stop, and say so.</summary>
    Cancelled,
    /// <summary>The step belongs to nobody or somebody else: stop, and say nothing.</summary>
    Lost,
}
