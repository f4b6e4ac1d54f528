using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!set --name x --value ...</c>: a variable from <c>@language:name</c>, from an answer (<c>@input:</c>, <c>@password:</c>), or from a text.</summary>
internal sealed class SetMagic(Func<string, ICellLanguage> find) : ICellMagic
{
    public string Name => "set";

    public string Summary => "Sets a variable: #!set --name NAME --value VALUE, @LANGUAGE:NAME, @input:PROMPT or @password:PROMPT.";

    public IReadOnlyList<string> Options { get; } = ["name", "value", "byref", "mime-type"];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        var name = magic.Options.Required("name");
        var value = magic.Options["value"] ?? throw new ArgumentException("#!set needs --value: a text, a number, @LANGUAGE:NAME, @input:PROMPT or @password:PROMPT.");
        ShareMagic.Store(language).Set(name, magic.Options.Asked.Contains("value") ? value : Resolve(value));
    }

    private object? Resolve(string value)
    {
        int colon = value.IndexOf(':');
        return value.StartsWith('@') && colon > 0 ? ShareMagic.Read(find(value[1..colon]), value[(colon + 1)..]) : Literal(value);
    }

    // A number, true or false is one; everything else is the text that it is.
    private static object? Literal(string value)
    {
        try
        {
            using var json = JsonDocument.Parse(value);
            var root = json.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.True or JsonValueKind.False => (object)root.GetBoolean(),
                JsonValueKind.Number when root.TryGetInt32(out int number) => number,
                JsonValueKind.Number when root.TryGetInt64(out long number) => number,
                JsonValueKind.Number => root.GetDouble(),
                JsonValueKind.Object or JsonValueKind.Array => JsonNode.Parse(value),
                _ => value,
            };
        }
        catch (JsonException)
        {
            return value;
        }
    }
}
