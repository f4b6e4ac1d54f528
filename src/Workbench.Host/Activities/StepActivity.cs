using Workbench.Workflows.Runtime;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>A kind of step whose inputs are <typeparamref name="TOptions"/>, which also describes it.</summary>
internal abstract class StepActivity<TOptions> : IStepActivity where TOptions : class
{
    public static ActivityDescriptor Description { get; } = ActivityOptions.Describe<TOptions>();

    public ActivityDescriptor Descriptor => Description;

    public Task<StepResult> ExecuteAsync(StepContext step, CancellationToken cancellationToken) =>
        RunAsync(ActivityOptions.Read<TOptions>(step.Inputs), step, cancellationToken);

    /// <summary>Does the work in the current directory, which is the attempt's own; an exception is a failed attempt.</summary>
    protected abstract Task<StepResult> RunAsync(TOptions options, StepContext step, CancellationToken cancellationToken);
}
