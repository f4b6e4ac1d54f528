using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>A kind of step that does work, in a child process of its own.</summary>
internal interface IStepActivity
{
    /// <summary>What the designer and the validation know of it.</summary>
    ActivityDescriptor Descriptor { get; }

    /// <summary>Does the work in the current directory, which is the attempt's own; an exception is a failed attempt.</summary>
    Task<StepResult> ExecuteAsync(StepContext step, CancellationToken cancellationToken);
}
