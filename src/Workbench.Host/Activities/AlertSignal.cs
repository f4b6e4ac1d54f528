namespace Workbench.Host.Activities;

/// <summary>What an alert of a pipeline says.</summary>
internal enum AlertSignal
{
    Firing,
    Resolved,
}
