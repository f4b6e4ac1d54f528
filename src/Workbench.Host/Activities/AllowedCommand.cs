namespace Workbench.Host.Activities;

/// <summary>A program that pipelines may run.</summary>
internal sealed record AllowedCommand
{
    /// <summary>Name by which activities ask for it.</summary>
    public required string Name { get; init; }
    /// <summary>Path of the program.</summary>
    public required string Program { get; init; }
    /// <summary>Arguments that it always gets, first.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    /// <summary>Whether an activity may add arguments. Default false.</summary>
    public bool TakesArguments { get; init; }
    /// <summary>Where it runs; null: the attempt's own folder.</summary>
    public string? WorkingFolder { get; init; }
}
