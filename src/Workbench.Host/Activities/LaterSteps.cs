using Workbench.Training;

namespace Workbench.Host.Activities;

/// <summary>Hands on what a log does not have yet: a training that goes on from a checkpoint makes some steps again.</summary>
/// <param name="log">Gets the events.</param>
/// <param name="trained">The last step whose loss it has.</param>
/// <param name="validated">The last step that it has a validation of.</param>
internal sealed class LaterSteps(IProgress<TrainingEvent> log, long trained, long validated) : IProgress<TrainingEvent>
{
    public void Report(TrainingEvent value)
    {
        if (value is not (TrainingEvent.Progress or TrainingEvent.Validated) || value is TrainingEvent.Progress && value.Step > trained || value is TrainingEvent.Validated && value.Step > validated)
            log.Report(value);
    }
}
