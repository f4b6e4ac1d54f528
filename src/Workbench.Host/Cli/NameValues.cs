using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Host.Cli;

/// <summary>Pairs on the command line: -p seed 8 -p asOf 2025-01-01. Numbers, true, false, null, lists and objects are JSON; the rest is text.</summary>
internal static class NameValues
{
    /// <exception cref="CommandException">A name stands without a value.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> Parse(IReadOnlyList<string> words)
    {
        if (words.Count % 2 != 0)
            throw new CommandException($"-p takes a name and a value; '{words[^1]}' has no value.");
        return words.Chunk(2).ToDictionary(pair => pair[0], pair => Value(pair[1]));
    }

    private static JsonNode? Value(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }
}
