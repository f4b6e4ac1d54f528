using Workbench.Workflows.Validation;

namespace Workbench.Host.Activities;

/// <summary>Which of the allowed commands runs.</summary>
[Activity(RunCommand.Type, DisplayName = "Run command", Category = "System", Kind = ActivityKind.Job,
    Description = "Runs a program that commands.json of the data folder allows by name; no shell reads its arguments. Another exit code than 0 is a failed attempt.")]
[Output("output", "String", "The last 64 KiB that it printed.")]
[Output("exitCode", "Int32", "Its exit code, which is 0.")]
internal sealed record RunCommandOptions
{
    [Input("Name of the command in commands.json.")]
    public required string Command { get; init; }
    [Input("Further arguments, where commands.json lets the command take some.")]
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
