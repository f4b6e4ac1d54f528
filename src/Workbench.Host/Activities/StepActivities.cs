using Workbench.Data;
using Workbench.Registry;
using Workbench.Workflows;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>All kinds of steps that this program can run.</summary>
internal sealed class StepActivities
{
    private readonly IReadOnlyDictionary<string, IStepActivity> _byType;

    private StepActivities(IEnumerable<IStepActivity> activities) => _byType = activities.ToDictionary(activity => activity.Descriptor.TypeName);

    public static StepActivities Create(ModelRegistry registry) =>
        new([
            new RunNotebookStep(registry), new Evaluate(registry), new CompareWithChampion(registry), new PromoteModel(registry), new RollbackModel(registry),
            new CheckData(registry), new DriftCheck(registry), new RaiseAlert(registry), new WriteReport(registry), new RunCommand(registry), new TrainModel(registry), new TuneHyperparameters(registry), new FineTune(registry), new Notify(registry),
        ]);

    // The engine waits for the decision itself: there is no step to run.
    private static ActivityDescriptor Approve => ApprovalActivity.Describe(
        "Workbench.Approve", new InputDescriptor("Report") { Description = "What to read before deciding: an address or a path.", UiHint = "singleline" });

    /// <summary>The palette: these kinds and the engine's own.</summary>
    public static ActivityCatalog Catalog { get; } = new(
        RunNotebookStep.Description, Evaluate.Description, CompareWithChampion.Description, PromoteModel.Description, RollbackModel.Description,
        CheckData.Description, DriftCheck.Description, RaiseAlert.Description, WriteReport.Description, RunCommand.Description, TrainModel.Description with { Check = TrainModel.Problems }, TuneHyperparameters.Description, FineTune.Description, Notify.Description, WaitForData.Description, Approve);

    /// <exception cref="WorkflowException">No such kind; the message names the nearest and the known ones.</exception>
    public IStepActivity Find(string type) => _byType.TryGetValue(type, out var activity)
        ? activity
        : throw new WorkflowException($"Unknown activity '{type}'.{Suggestion.DidYouMean(type, _byType.Keys)} Known: {string.Join(", ", _byType.Keys.Order())}.");
}
