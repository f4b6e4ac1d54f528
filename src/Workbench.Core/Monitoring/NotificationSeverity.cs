namespace Workbench.Monitoring;

/// <summary>How urgent a message is.</summary>
public enum NotificationSeverity
{
    /// <summary>Good to know.</summary>
    Info,
    /// <summary>Someone should look at it.</summary>
    Warning,
    /// <summary>Someone must act now.</summary>
    Critical,
}
