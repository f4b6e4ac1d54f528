using System.ComponentModel.DataAnnotations;

namespace Workbench.Host.Activities;

/// <summary>What a candidate must show before it may replace the champion.</summary>
[Activity(CompareWithChampion.Type, DisplayName = "Compare with champion", Category = "Models", Outcomes = ["Passed", "Refused"],
    Description = "Compares a candidate with the champion on the candidate's holdout; passes when the whole 95 % interval of the difference in accuracy lies above the required improvement.")]
[Output("reason", "String", "Why the gate said what it said.")]
[Output("decision", "Object", "The decision with its figures.")]
internal sealed record CompareWithChampionOptions
{
    [Input("Name of the model.")]
    public required string ModelName { get; init; }
    [Input("Version to judge, the variable that a notebook step filled, or a number.", TypeName = "Object", Editor = Editors.Variable)]
    public required int Candidate { get; init; }
    [Input("Fewest labelled rows on which a difference counts."), Range(1, int.MaxValue)]
    public int MinimumRows { get; init; } = 200;
    [Input("Accuracy (-1 to 1) that the interval must exceed."), Range(-1.0, 1.0)]
    public double MinimumImprovement { get; init; }
}
