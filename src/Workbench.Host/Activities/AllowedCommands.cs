using System.Text.Json;
using Workbench.Data;
using Workbench.Workflows;

namespace Workbench.Host.Activities;

/// <summary>The programs that pipelines may run: <c>commands.json</c> in the data folder. Without the file there are none.</summary>
internal sealed record AllowedCommands
{
    public const string FileName = "commands.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The commands; names are case-sensitive.</summary>
    public IReadOnlyList<AllowedCommand> Commands { get; init; } = [];

    /// <exception cref="WorkflowException">The file is no such list.</exception>
    public static AllowedCommands Read(DataFolder folder)
    {
        var path = Path.Combine(folder.Path, FileName);
        if (!File.Exists(path))
            return new();
        try
        {
            return JsonSerializer.Deserialize<AllowedCommands>(File.ReadAllText(path), Json) ?? new();
        }
        catch (JsonException failure)
        {
            throw new WorkflowException($"'{path}' cannot be used: {failure.Message} Correct it.", failure);
        }
    }

    /// <summary>The command of that name.</summary>
    /// <exception cref="WorkflowException">It is not allowed, or takes no arguments.</exception>
    public AllowedCommand Find(string name, IReadOnlyList<string> arguments)
    {
        var names = Commands.Select(command => command.Name).ToList();
        var command = Commands.FirstOrDefault(command => command.Name == name) ?? throw new WorkflowException(
            $"The command '{name}' is not allowed. Allowed: {(names.Count > 0 ? string.Join(", ", names) : "none")}. Whoever runs the host adds it to {FileName} of the data folder.");
        return command.TakesArguments || arguments.Count == 0 ? command : throw new WorkflowException(
            $"The command '{name}' takes no arguments from a pipeline, and {arguments.Count} were given. Leave them out, or let {FileName} say \"takesArguments\": true.");
    }
}
