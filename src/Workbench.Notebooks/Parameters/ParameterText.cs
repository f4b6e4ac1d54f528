using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Workbench.Notebooks.Parameters;

/// <summary>
/// What a text on the command line means where no type is declared, as papermill's <c>-p</c> has it: <c>True</c>,
/// <c>False</c>, <c>None</c>, what Python's <c>int()</c> and <c>float()</c> take, else the text.
/// </summary>
internal static partial class ParameterText
{
    public static JsonNode? Resolve(string text) => text switch
    {
        "True" => JsonValue.Create(true),
        "False" => JsonValue.Create(false),
        "None" => null,
        _ => Number(text) ?? JsonValue.Create(text),
    };

    /// <summary>The number that a text is, or null. JSON has no word for NaN and infinity: the node holds them as a double.</summary>
    public static JsonNode? Number(string text)
    {
        var plain = text.Trim();
        if (WholeNumber().Match(plain) is { Success: true } whole)
            return JsonNode.Parse(whole.Groups["sign"].Value.TrimStart('+') + whole.Groups["digits"].Value.Replace("_", "", StringComparison.Ordinal));
        if (!Fraction().IsMatch(plain))
            return NamedNumber(plain) is { } named ? JsonValue.Create(named) : null;
        var value = double.Parse(plain.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);
        return JsonValue.Create(value);
    }

    /// <summary>NaN and the infinities, as Python and YAML spell them.</summary>
    public static double? NamedNumber(string text) => text.TrimStart('.').ToLowerInvariant() switch
    {
        "nan" or "+nan" or "-nan" => double.NaN,
        "inf" or "+inf" or "infinity" or "+infinity" or "+.inf" => double.PositiveInfinity,
        "-inf" or "-infinity" or "-.inf" => double.NegativeInfinity,
        _ => null,
    };

    /// <summary>NaN or an infinity, which JSON text cannot carry; null for any other value.</summary>
    public static double? NotFinite(JsonNode? value) =>
        value is JsonValue scalar && !scalar.TryGetValue(out JsonElement _) && scalar.TryGetValue(out double number) && !double.IsFinite(number) ? number : null;

    [GeneratedRegex(@"^(?<sign>[+-]?)0*(?<digits>\d(_?\d)*)$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^[+-]?(\d(_?\d)*\.?(\d(_?\d)*)?|\.\d(_?\d)*)([eE][+-]?\d+)?$")]
    private static partial Regex Fraction();
}
