namespace Workbench.Workflows.Validation;

/// <summary>Elsa's kinds of activity.</summary>
public enum ActivityKind
{
    /// <summary>Runs and ends.</summary>
    Action,
    /// <summary>May start a run; the engine passes through it when it did.</summary>
    Trigger,
    /// <summary>Long work in the background.</summary>
    Job,
    /// <summary>Work that may run in the background.</summary>
    Task,
}
