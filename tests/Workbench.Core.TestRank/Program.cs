using Workbench.TestRank.Scenarios;

// SCENARIO [PARAMETERS...]   what this rank does; its findings are lines of JSON on the standard output.
var scenarios = new Dictionary<string, Action<string[]>>
{
    ["greet"] = Collectives.Greet,
    ["train"] = Trainings.Train,
    ["adapt"] = Trainings.Adapt,
    ["mismatch"] = Trainings.Mismatch,
    ["work"] = Jobs.Work,
    ["learn"] = Jobs.Learn,
    ["stray"] = Jobs.Stray,
    ["supervise"] = Jobs.Supervise,
    ["collectives"] = Collectives.All,
    ["bits"] = Collectives.Bits,
    ["throw"] = Collectives.Throw,
    ["abort"] = Collectives.Abort,
    ["fail"] = Collectives.Fail,
    ["large"] = Collectives.Large,
};

if (args is not [var name, .. var parameters] || !scenarios.TryGetValue(name, out var scenario))
{
    Console.Error.WriteLine($"Known scenarios: {string.Join(", ", scenarios.Keys)}.");
    return 2;
}
scenario(parameters);
return 0;
