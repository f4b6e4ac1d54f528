using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Host;

/// <summary>A moment as users write it: ISO 8601, UTC where no offset stands, whatever the machine's time zone.</summary>
[JsonConverter(typeof(Converter))]
internal readonly record struct UtcTime(DateTimeOffset Value)
{
    public const string Allowed = "an ISO 8601 time such as 2025-03-01 or 2025-03-01T12:00:00Z";

    /// <summary>For query parameters.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out UtcTime time)
    {
        bool parsed = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value);
        time = new UtcTime(value);
        return parsed;
    }

    /// <exception cref="CommandException">The text is no time.</exception>
    public static UtcTime Parse(string text) =>
        TryParse(text, null, out var time) ? time : throw new CommandException($"'{text}' is no time. Give {Allowed}.");

    private sealed class Converter : JsonConverter<UtcTime>
    {
        public override UtcTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            return TryParse(text, null, out var time) ? time : throw new JsonException($"'{text}' is no time. Give {Allowed}.");
        }

        public override void Write(Utf8JsonWriter writer, UtcTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
    }
}
