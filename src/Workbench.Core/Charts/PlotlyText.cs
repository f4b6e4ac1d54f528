using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Workbench.Charts;

/// <summary>Values as plotly.js wants them.</summary>
internal static class PlotlyText
{
    /// <summary>plotly.js reads a few HTML tags and entities in every text it draws; a value must not be taken for one.</summary>
    public static string Encode(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    public static string Decode(string text) => WebUtility.HtmlDecode(text);

    /// <summary>plotly.js dates have no time zone: always UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>JSON knows no NaN and no infinity: both become null, which plotly.js draws as a gap.</summary>
    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;

    public static JsonArray Numbers(IEnumerable<double> values) => new(values.Select(Number).ToArray());

    public static JsonArray Texts(IEnumerable<string> values) => new(values.Select(value => (JsonNode?)JsonValue.Create(Encode(value))).ToArray());

    public static JsonArray Times(IEnumerable<DateTimeOffset> values) => new(values.Select(value => (JsonNode?)JsonValue.Create(Time(value))).ToArray());
}
