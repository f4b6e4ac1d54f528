using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Workflows;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Designer;

/// <summary>What a request of Elsa's client says: empty text is absent, repeated keys are lists.</summary>
internal static class DesignerRequest
{
    private const int LargestPage = 1000;

    /// <summary>The body as an object; an empty body is an empty object.</summary>
    /// <exception cref="BadHttpRequestException">The body is no JSON, or no object.</exception>
    public static async Task<JsonObject> BodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && request.ContentType is null))
            return [];
        if (!request.HasJsonContentType())
            throw new BadHttpRequestException($"The content type is '{request.ContentType}'; send application/json.", StatusCodes.Status415UnsupportedMediaType);
        return await JsonNode.ParseAsync(request.Body, cancellationToken: cancellationToken) as JsonObject
            ?? throw new BadHttpRequestException("The body is no JSON object.");
    }

    public static string? Text(HttpRequest request, string name) => request.Query[name].FirstOrDefault(text => !string.IsNullOrEmpty(text));

    public static IReadOnlyList<string> Texts(HttpRequest request, string name) => [.. request.Query[name].OfType<string>().Where(text => text.Length > 0)];

    /// <exception cref="WorkflowException">The value is no whole number from 0 on.</exception>
    public static int? Whole(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new WorkflowException($"'{name}' is '{text}'; it takes a whole number from 0 on.");
    }

    /// <exception cref="WorkflowException">The value is none of the enum's names.</exception>
    public static T? Choice<T>(string name, string? text) where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
            return null;
        return Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)
            ? value
            : throw new WorkflowException($"'{name}' is '{text}'; allowed are {string.Join(", ", Enum.GetNames<T>())}.");
    }

    /// <summary>Elsa's version options: a word, or a version's number.</summary>
    /// <exception cref="WorkflowException">The text is neither.</exception>
    public static DefinitionFilter Versions(string? text, VersionChoice fallback = VersionChoice.Latest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? new() { Version = version, Versions = VersionChoice.AllVersions }
            : new() { Versions = Choice<VersionChoice>("versionOptions", text) ?? fallback };

    /// <summary>How many to leave out and to take.</summary>
    public static (int Skip, int Take) Page(int? page, int? pageSize)
    {
        int size = Math.Clamp(pageSize ?? 100, 1, LargestPage);
        return ((int)Math.Min((page ?? 0) * (long)size, int.MaxValue), size);
    }
}
