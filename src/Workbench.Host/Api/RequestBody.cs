using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Workbench.Host.Api;

/// <summary>Bodies that a run keeps: small, and JSON where they are.</summary>
internal static class RequestBody
{
    private const int MostBytes = 1024 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="BadHttpRequestException">The body is larger than 1 MiB.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostBytes;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, cancellationToken);
        return body.ToArray();
    }

    /// <summary>The body as JSON, as a JSON text when it is none, or null when it is empty.</summary>
    public static JsonNode? Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length == 0)
            return null;
        try
        {
            return JsonNode.Parse(body.Span, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Encoding.UTF8.GetString(body.Span));
        }
    }
}
