namespace Workbench.Host.Activities;

/// <summary>Which alias moves to which version.</summary>
[Activity(PromoteModel.Type, DisplayName = "Promote model", Category = "Models", Description = "Lets an alias point to a version. The history keeps who, when and why.")]
[Output("previous", "Int32", "Version that had the alias before; null when none had.")]
internal sealed record PromoteModelOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Version that gets the alias, the variable that a notebook step filled, or a number.", TypeName = "Object", Editor = Editors.Variable)]
    public required int Candidate { get; init; }
    [Input("Alias that moves.")]
    public string Alias { get; init; } = ChampionGate.Champion;
    [Input("Why; kept in the history.")]
    public string Reason { get; init; } = "passed the gate";
}
