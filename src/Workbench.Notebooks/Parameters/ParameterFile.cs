using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Workbench.Notebooks.Parameters;

/// <summary>Parameters from YAML or JSON. Scalars mean what they mean to papermill (YAML 1.1), but a date stays a text.</summary>
public static partial class ParameterFile
{
    private static readonly string[] True = ["true", "yes", "on"];
    private static readonly string[] False = ["false", "no", "off"];

    /// <summary>The parameters in a file, in its order.</summary>
    /// <exception cref="DataException">The file cannot be read, or holds no names with values.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read the parameters in '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    /// <summary>The parameters in a YAML or JSON text; <paramref name="origin"/> is named in errors.</summary>
    /// <exception cref="DataException">The text is neither, or holds no names with values.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> Parse(string text, string origin)
    {
        try
        {
            if (text.TrimStart().StartsWith('{') && TryJson(text) is { } json)
                return json.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone());
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count == 0)
                return new Dictionary<string, JsonNode?>();
            if (stream.Documents[0].RootNode is not YamlMappingNode map)
                throw new DataException($"The parameters in '{origin}' are no list of names with values. Write a line 'name: value' for each.") { Origin = origin };
            return map.Children.ToDictionary(pair => Key(pair.Key), pair => Value(pair.Value));
        }
        catch (Exception failure) when (failure is YamlException or ArgumentException)
        {
            var line = failure is YamlException { Start.Line: > 0 } placed ? $" in line {placed.Start.Line.ToString(CultureInfo.InvariantCulture)}" : "";
            throw new DataException($"The parameters in '{origin}' are no YAML{line}: {failure.Message} Write a line 'name: value' for each.", failure) { Origin = origin };
        }
    }

    /// <summary>The parameters in a YAML text that is encoded as base64, as some schedulers hand it on.</summary>
    /// <exception cref="DataException">It is no base64, no YAML, or holds no names with values.</exception>
    public static IReadOnlyDictionary<string, JsonNode?> ParseBase64(string text, string origin)
    {
        try
        {
            return Parse(Encoding.UTF8.GetString(Convert.FromBase64String(text)), origin);
        }
        catch (FormatException failure)
        {
            throw new DataException($"'{text}' is no base64: {failure.Message}", failure) { Origin = origin, Value = text };
        }
    }

    private static JsonObject? TryJson(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null; // YAML's own {a: 1}
        }
    }

    private static string Key(YamlNode node) => node is YamlScalarNode { Value: { } name } ? name : throw new ArgumentException($"'{node}' is no name.");

    private static JsonNode? Value(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(pair => KeyValuePair.Create(Key(pair.Key), Value(pair.Value)))),
        YamlSequenceNode list => new JsonArray(list.Select(Value).ToArray()),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? "", plain.Tag),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value ?? ""),
        _ => throw new ArgumentException($"'{node}' is no value."),
    };

    private static JsonNode? Plain(string text, TagName tag)
    {
        if (!tag.IsEmpty && tag == "tag:yaml.org,2002:str")
            return JsonValue.Create(text);
        var lower = text.ToLowerInvariant();
        if (text is "" or "~" or "null" or "Null" or "NULL" or "None")
            return null;
        if (True.Contains(lower))
            return JsonValue.Create(true);
        if (False.Contains(lower))
            return JsonValue.Create(false);
        if (Hexadecimal().IsMatch(text))
            return JsonValue.Create(Convert.ToInt64(text[2..].Replace("_", "", StringComparison.Ordinal), 16));
        return (LooksLikeNumber().IsMatch(text) ? ParameterText.Number(text) : null) ?? JsonValue.Create(text);
    }

    [GeneratedRegex(@"^0x[0-9a-fA-F_]{1,15}$")]
    private static partial Regex Hexadecimal();

    // "inf" and "nan" without a dot are texts in YAML.
    [GeneratedRegex(@"^[+-]?\.?([0-9]|inf$|nan$|Inf$|NaN$|INF$|NAN$)")]
    private static partial Regex LooksLikeNumber();
}
