namespace Workbench.Workflows.Model;

/// <summary>What a finally failed activity does to its run.</summary>
public enum IncidentStrategy
{
    /// <summary>Nothing new starts; running activities end, then the run is Faulted. The default.</summary>
    Fault,
    /// <summary>The failed activity's edges are dead; the other branches finish, then the run is Faulted with its incidents.</summary>
    ContinueWithIncidents,
}
