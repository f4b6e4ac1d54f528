using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Workbench.Data;

namespace Workbench.Notebooks.Parameters;

/// <summary>Writes a parameter's value as C# source.</summary>
internal static class CSharpLiteral
{
    private const string Invariant = ", System.Globalization.CultureInfo.InvariantCulture";
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What sort of value a type takes.</summary>
    public enum ValueKind
    {
        /// <summary>Any: the value's own kind decides.</summary>
        Unknown,
        /// <summary>A text as it stands.</summary>
        Text,
        /// <summary>A number.</summary>
        Number,
        /// <summary>True or false.</summary>
        Flag,
        /// <summary>A text that is parsed, such as a time.</summary>
        Parsed,
        /// <summary>A list, a dictionary or a tuple.</summary>
        Structure,
        /// <summary>A type that must be looked up: an enumeration, a record.</summary>
        Other,
    }

    /// <summary>What sort of value a type takes, as far as its name tells.</summary>
    public static ValueKind Kind(string? typeName) => typeName is null ? ValueKind.Unknown : Kind(SyntaxFactory.ParseTypeName(typeName));

    /// <summary>The value as a C# expression of <paramref name="typeName"/>, or of its own kind when the type is unknown.</summary>
    /// <param name="value">The value.</param>
    /// <param name="typeName">Type as C# source, or null.</param>
    /// <param name="choices">Members, where the type is an enumeration.</param>
    /// <exception cref="FormatException">The value does not fit the type.</exception>
    public static string Write(JsonNode? value, string? typeName, IReadOnlyList<string>? choices = null) =>
        typeName is null ? Untyped(value) : Typed(value, SyntaxFactory.ParseTypeName(typeName), choices ?? []);

    private static ValueKind Kind(TypeSyntax type) => type switch
    {
        NullableTypeSyntax nullable => Kind(nullable.ElementType),
        ArrayTypeSyntax or TupleTypeSyntax => ValueKind.Structure,
        _ when IsList(type) || IsDictionary(type) => ValueKind.Structure,
        _ => SimpleName(type) switch
        {
            "object" or "dynamic" => ValueKind.Unknown,
            "string" or "char" or "Uri" or "Guid" => ValueKind.Text,
            "bool" => ValueKind.Flag,
            "int" or "long" or "short" or "byte" or "sbyte" or "ushort" or "uint" or "ulong" or "nint" or "nuint" or "float" or "double" or "decimal" or "Half" or "BigInteger" => ValueKind.Number,
            "DateTime" or "DateTimeOffset" or "DateOnly" or "TimeOnly" or "TimeSpan" => ValueKind.Parsed,
            "JsonNode" or "JsonObject" or "JsonArray" => ValueKind.Structure,
            _ => ValueKind.Other,
        },
    };

    private static string Typed(JsonNode? value, TypeSyntax type, IReadOnlyList<string> choices)
    {
        if (type is NullableTypeSyntax nullable)
            return value is null ? "null" : Typed(value, nullable.ElementType, choices);
        if (value is null)
            return Kind(type) is ValueKind.Unknown or ValueKind.Structure && type is not TupleTypeSyntax || SimpleName(type) is "string" or "Uri" ? "null" : throw Misfit("null", type, "a value");
        return type switch
        {
            ArrayTypeSyntax array => List(value, type, Element(array)),
            TupleTypeSyntax tuple => Tuple(value, tuple),
            _ when IsDictionary(type) => Dictionary(value, type),
            _ when IsList(type) => List(value, type, Arguments(type)[0]),
            _ when choices.Count > 0 => Member(value, type, choices),
            _ => Simple(value, type),
        };
    }

    private static string Simple(JsonNode value, TypeSyntax type)
    {
        var text = Text(value);
        return SimpleName(type) switch
        {
            "object" or "dynamic" => Untyped(value),
            "string" => Quote(text),
            "bool" => bool.TryParse(text, out bool flag) ? (flag ? "true" : "false") : throw Misfit(text, type, "true or false"),
            "char" => text.Length == 1 ? SymbolDisplay.FormatLiteral(text[0], quote: true) : throw Misfit(text, type, "one character"),
            "int" => Whole<int>(text, type, ""),
            "long" => Whole<long>(text, type, "L"),
            "uint" => Whole<uint>(text, type, "u"),
            "ulong" => Whole<ulong>(text, type, "ul"),
            "short" => Whole<short>(text, type, ""),
            "ushort" => Whole<ushort>(text, type, ""),
            "byte" => Whole<byte>(text, type, ""),
            "sbyte" => Whole<sbyte>(text, type, ""),
            "nint" => Whole<nint>(text, type, ""),
            "nuint" => Whole<nuint>(text, type, ""),
            "BigInteger" => $"System.Numerics.BigInteger.Parse({Quote(Whole<BigInteger>(text, type, ""))})",
            "double" => Floating(text, type, "double", "d", number => number.ToString("R", Culture)),
            "float" => Floating(text, type, "float", "f", number => ((float)number).ToString("R", Culture)),
            "Half" => "(System.Half)" + Floating(text, type, "float", "f", number => ((float)number).ToString("R", Culture)),
            "decimal" => decimal.TryParse(text, NumberStyles.Float, Culture, out decimal number) ? number.ToString(Culture) + "m" : throw Misfit(text, type, "a number such as 0.5"),
            "DateTime" => DateTime.TryParse(text, Culture, DateTimeStyles.RoundtripKind, out _)
                ? $"System.DateTime.Parse({Quote(text)}{Invariant}, System.Globalization.DateTimeStyles.RoundtripKind)" : throw Misfit(text, type, "a time such as 2025-04-08T00:00:00Z"),
            "DateTimeOffset" => Parsed(DateTimeOffset.TryParse(text, Culture, DateTimeStyles.AssumeUniversal, out _), "System.DateTimeOffset", text, type, "a time such as 2025-04-08T00:00:00Z", ", System.Globalization.DateTimeStyles.AssumeUniversal"),
            "DateOnly" => Parsed(DateOnly.TryParse(text, Culture, out _), "System.DateOnly", text, type, "a day such as 2025-04-08"),
            "TimeOnly" => Parsed(TimeOnly.TryParse(text, Culture, out _), "System.TimeOnly", text, type, "a time of day such as 13:30"),
            "TimeSpan" => Parsed(text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, Culture, out _), "System.TimeSpan", text, type, "a duration such as 00:10:00 (hours, minutes, seconds)"),
            "Guid" => Guid.TryParse(text, out _) ? $"System.Guid.Parse({Quote(text)})" : throw Misfit(text, type, "a GUID such as 0f8fad5b-d9cb-469f-a165-70867728950e"),
            "Uri" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _) ? $"new System.Uri({Quote(text)}, System.UriKind.RelativeOrAbsolute)" : throw Misfit(text, type, "an address"),
            "JsonNode" => $"System.Text.Json.Nodes.JsonNode.Parse({Quote(value.ToJsonString())})!",
            "JsonObject" or "JsonArray" => $"System.Text.Json.Nodes.JsonNode.Parse({Quote(value.ToJsonString())})!.As{SimpleName(type)[4..]}()",
            _ => $"System.Text.Json.JsonSerializer.Deserialize<{type}>({Quote(Structured(value).ToJsonString())}, System.Text.Json.JsonSerializerOptions.Web)!",
        };
    }

    private static string Whole<T>(string text, TypeSyntax type, string suffix) where T : INumberBase<T> =>
        T.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.AllowLeadingSign, Culture, out var number)
            ? number.ToString(null, Culture) + suffix
            : throw Misfit(text, type, ParameterText.Number(text) is null ? "a whole number such as 12" : "a whole number in the range of the type");

    private static string Floating(string text, TypeSyntax type, string keyword, string suffix, Func<double, string> write)
    {
        if (ParameterText.NamedNumber(text) is { } named)
            return keyword + (double.IsNaN(named) ? ".NaN" : named > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        if (!double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, Culture, out double number))
            throw Misfit(text, type, "a number such as 0.5");
        return double.IsFinite(keyword == "float" ? (float)number : number) ? write(number) + suffix : throw Misfit(text, type, "a number in the range of the type");
    }

    private static string Parsed(bool isValid, string parser, string text, TypeSyntax type, string wanted, string more = "") =>
        isValid ? $"{parser}.Parse({Quote(text)}{Invariant}{more})" : throw Misfit(text, type, wanted);

    private static string Member(JsonNode value, TypeSyntax type, IReadOnlyList<string> choices)
    {
        var text = Text(value);
        var name = text.StartsWith(type + ".", StringComparison.Ordinal) ? text[(type.ToString().Length + 1)..] : text;
        return choices.FirstOrDefault(choice => string.Equals(choice, name, StringComparison.OrdinalIgnoreCase)) is { } member
            ? $"{type}.{member}"
            : throw new FormatException($"'{text}' is no {type}.{Suggestion.DidYouMean(name, choices)} Give one of {string.Join(", ", choices)}.");
    }

    private static string List(JsonNode value, TypeSyntax type, TypeSyntax element) =>
        Structured(value) is JsonArray items && (type is not ArrayTypeSyntax array || array.RankSpecifiers[0].Rank == 1)
            ? $"[{string.Join(", ", items.Select(item => Typed(item, element, [])))}]"
            : throw Misfit(Text(value), type, "a list such as [1, 2]");

    private static string Tuple(JsonNode value, TupleTypeSyntax type) =>
        Structured(value) is JsonArray items && items.Count == type.Elements.Count
            ? $"({string.Join(", ", items.Select((item, index) => Typed(item, type.Elements[index].Type, [])))})"
            : throw Misfit(Text(value), type, $"a list of {type.Elements.Count} values");

    private static string Dictionary(JsonNode value, TypeSyntax type)
    {
        if (Structured(value) is not JsonObject map)
            throw Misfit(Text(value), type, "names with values such as {\"a\": 1}");
        var (key, element) = (Arguments(type)[0], Arguments(type)[1]);
        var concrete = SimpleName(type).StartsWith('I') ? $"System.Collections.Generic.Dictionary<{key}, {element}>" : type.ToString();
        return $"new {concrete} {{ {string.Join(", ", map.Select(pair => $"[{Typed(JsonValue.Create(pair.Key), key, [])}] = {Typed(pair.Value, element, [])}"))} }}";
    }

    private static string Untyped(JsonNode? value) => value switch
    {
        null => "null",
        JsonArray items => UntypedList(items),
        JsonObject map => $"new System.Collections.Generic.Dictionary<string, object?> {{ {string.Join(", ", map.Select(pair => $"[{Quote(pair.Key)}] = {Untyped(pair.Value)}"))} }}",
        _ when ParameterText.NotFinite(value) is { } number => Simple(JsonValue.Create(number.ToString(Culture)), SyntaxFactory.ParseTypeName("double")),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Number => UntypedNumber(value.ToJsonString()),
            _ => Quote(Text(value)),
        },
    };

    private static string UntypedNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out int small) ? small.ToString(Culture)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out long large) ? large.ToString(Culture) + "L"
        : text.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9') ? text + "d"
        : $"System.Numerics.BigInteger.Parse({Quote(text)})";

    private static string UntypedList(JsonArray items)
    {
        var kinds = items.Select(item => item?.GetValueKind() is JsonValueKind.False ? JsonValueKind.True : item?.GetValueKind() ?? JsonValueKind.Null).Distinct().ToList();
        bool hasOneType = kinds is [JsonValueKind.String] or [JsonValueKind.True] or [JsonValueKind.Number];
        return $"new{(hasOneType ? "" : " object?")}[] {{ {string.Join(", ", items.Select(Untyped))} }}";
    }

    private static TypeSyntax Element(ArrayTypeSyntax array) =>
        array.RankSpecifiers.Count == 1 ? array.ElementType : array.WithRankSpecifiers(array.RankSpecifiers.RemoveAt(0));

    private static bool IsList(TypeSyntax type) => Arguments(type).Count == 1 && SimpleName(type) is
        "List" or "IList" or "IReadOnlyList" or "ICollection" or "IReadOnlyCollection" or "IEnumerable" or "HashSet" or "SortedSet" or "ImmutableArray" or "ImmutableList";

    private static bool IsDictionary(TypeSyntax type) => Arguments(type).Count == 2 && SimpleName(type) is
        "Dictionary" or "IDictionary" or "IReadOnlyDictionary" or "SortedDictionary";

    private static IReadOnlyList<TypeSyntax> Arguments(TypeSyntax type) => type switch
    {
        GenericNameSyntax generic => generic.TypeArgumentList.Arguments,
        QualifiedNameSyntax { Right: GenericNameSyntax generic } => generic.TypeArgumentList.Arguments,
        _ => [],
    };

    private static string SimpleName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => SimpleName(qualified.Right),
        AliasQualifiedNameSyntax alias => SimpleName(alias.Name),
        SimpleNameSyntax simple => simple.Identifier.ValueText switch
        {
            "String" => "string", "Boolean" => "bool", "Char" => "char", "Int16" => "short", "Int32" => "int", "Int64" => "long", "UInt16" => "ushort", "UInt32" => "uint", "UInt64" => "ulong",
            "Byte" => "byte", "SByte" => "sbyte", "Single" => "float", "Double" => "double", "Decimal" => "decimal", "Object" => "object",
            var other => other,
        },
        _ => type.ToString(),
    };

    // A list typed on a command line arrives as a text.
    private static JsonNode Structured(JsonNode value)
    {
        if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String || value.GetValue<string>().TrimStart() is not ['[' or '{', ..])
            return value;
        try
        {
            return JsonNode.Parse(value.GetValue<string>()) ?? value;
        }
        catch (JsonException)
        {
            return value;
        }
    }

    private static string Text(JsonNode value) =>
        ParameterText.NotFinite(value) is { } number ? number.ToString(Culture)
        : value is JsonValue && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static string Quote(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    private static FormatException Misfit(string value, TypeSyntax type, string wanted) => new($"'{value}' is no {type}. Give {wanted}.");
}
