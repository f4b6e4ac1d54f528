namespace Workbench.Host.Activities;

/// <summary>Inputs of a step that several ranks may compute.</summary>
internal interface IStepJobOptions
{
    /// <summary>Ranks.</summary>
    int Processes { get; }

    /// <summary>Hosts with their ranks; null for this one.</summary>
    string? Hosts { get; }

    /// <summary>How often a job that lost a rank is started anew.</summary>
    int MaxRestarts { get; }

    /// <summary>Time without a step after which it is.</summary>
    TimeSpan StallTimeout { get; }
}
