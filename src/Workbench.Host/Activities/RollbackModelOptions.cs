namespace Workbench.Host.Activities;

/// <summary>Which alias goes back.</summary>
[Activity(RollbackModel.Type, DisplayName = "Roll back model", Category = "Models", Description = "Points an alias back at the version that held it before; never at one that was rolled back itself.")]
[Output("version", "Int32", "Version that holds the alias now.")]
internal sealed record RollbackModelOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Alias that goes back.")]
    public string Alias { get; init; } = ChampionGate.Champion;
    [Input("Version that failed; when another one holds the alias by now, the step fails. Empty: whichever holds it.", TypeName = "Object", Editor = Editors.SingleLine)]
    public int? FailedVersion { get; init; }
    [Input("Why; kept in the history.", Editor = Editors.MultiLine)]
    public required string Reason { get; init; }
}
