using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Monitoring;

/// <summary>Posts JSON to a receiver.</summary>
internal static class HttpPost
{
    private const int LongestAnswer = 500;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <exception cref="HttpRequestException">No connection, or an answer other than 2xx. The path, which may be a secret, is not named.</exception>
    public static async Task SendAsync<T>(HttpClient client, Uri url, T body, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync(url, body, Json, cancellationToken);
        if (answer.IsSuccessStatusCode)
            return;
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        throw new HttpRequestException(
            $"The webhook at '{url.GetLeftPart(UriPartial.Authority)}' answered {(int)answer.StatusCode}: {text[..Math.Min(text.Length, LongestAnswer)]}", null, answer.StatusCode);
    }
}
