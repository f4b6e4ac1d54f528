using System.CommandLine;
using System.Text.Json.Nodes;
using Workbench.Notebooks.Parameters;

namespace Workbench.Host.Cli;

/// <summary>papermill's options for parameters, in its order of precedence: -b, -f, -y, -p, -r; the later win.</summary>
internal sealed class NotebookParameterOptions
{
    private readonly Option<string[]> _texts = Pairs("-p", ["--parameters"], "Parameter: its name and value; the declared type decides what a text such as 5 or True means.");
    private readonly Option<string[]> _raw = Pairs("-r", ["--parameters_raw", "--parameters-raw"], "Parameter whose value is text, whatever it looks like.");
    private readonly Option<string[]> _files = Single("-f", ["--parameters_file", "--parameters-file"], "YAML or JSON file of parameters.", "FILE");
    private readonly Option<string[]> _yaml = Single("-y", ["--parameters_yaml", "--parameters-yaml"], "Parameters as YAML, such as 'rate: 0.5'.", "YAML");
    private readonly Option<string[]> _base64 = Single("-b", ["--parameters_base64", "--parameters-base64"], "Parameters as YAML in base64.", "BASE64");

    public IEnumerable<Option> All => [_texts, _raw, _files, _yaml, _base64];

    /// <summary>Values of a known kind, and texts whose kind the notebook decides. A text that -r gives is no longer among the latter.</summary>
    public (IReadOnlyDictionary<string, JsonNode?> Values, IReadOnlyDictionary<string, string> Texts) Read(ParseResult parsed)
    {
        var values = new Dictionary<string, JsonNode?>();
        var sources = (parsed.GetValue(_base64) ?? []).Select(text => ParameterFile.ParseBase64(text, "-b"))
            .Concat((parsed.GetValue(_files) ?? []).Select(ParameterFile.Load))
            .Concat((parsed.GetValue(_yaml) ?? []).Select(text => ParameterFile.Parse(text, "-y")));
        foreach (var (name, value) in sources.SelectMany(source => source))
            values[name] = value;
        var texts = Named(parsed.GetValue(_texts) ?? []);
        foreach (var (name, value) in Named(parsed.GetValue(_raw) ?? []))
        {
            texts.Remove(name);
            values[name] = JsonValue.Create(value);
        }
        return (values, texts);
    }

    private static Dictionary<string, string> Named(string[] words)
    {
        var named = new Dictionary<string, string>();
        foreach (var pair in words.Chunk(2))
            named[pair[0]] = pair.Length == 2 ? pair[1] : throw new CommandException($"A parameter has a name and a value; '{pair[0]}' has no value.");
        return named;
    }

    // Exactly two words each time, so that the notebook's path may follow.
    private static Option<string[]> Pairs(string name, string[] aliases, string description) =>
        new(name, aliases) { Description = description, HelpName = "NAME VALUE", Arity = new ArgumentArity(2, 2), AllowMultipleArgumentsPerToken = true };

    private static Option<string[]> Single(string name, string[] aliases, string description, string help) =>
        new(name, aliases) { Description = description, HelpName = help, Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
}
