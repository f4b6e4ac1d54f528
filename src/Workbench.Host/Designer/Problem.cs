using System.Text.Json.Nodes;
using Workbench.Workflows.Validation;

namespace Workbench.Host.Designer;

/// <summary>Answers that say what is wrong, as problem details (RFC 9457) whose <c>errors</c> Elsa's designer shows one by one.</summary>
internal static class Problem
{
    private const string ContentType = "application/problem+json";

    /// <summary>One thing is wrong.</summary>
    public static IResult Of(int status, string message) => Of(status, message, [("request", message)]);

    /// <summary>The definition was not published; all findings are listed, warnings too.</summary>
    public static IResult Of(string definition, IReadOnlyList<Finding> findings) => Of(
        StatusCodes.Status400BadRequest, $"The workflow '{definition}' is not published; mend its findings first.",
        findings.Select(finding => (finding.ActivityId ?? "workflow", finding.ToString())));

    public static IResult NotFound(string what, string id) => Of(StatusCodes.Status404NotFound, $"There is no {what} '{id}'.");

    private static IResult Of(int status, string title, IEnumerable<(string Field, string Message)> errors)
    {
        var listed = new JsonObject();
        foreach (var group in errors.GroupBy(error => error.Field))
            listed[group.Key] = new JsonArray([.. group.Select(error => (JsonNode)error.Message)]);
        return Results.Text(new JsonObject { ["title"] = title, ["status"] = status, ["detail"] = title, ["errors"] = listed }.ToJsonString(), ContentType, statusCode: status);
    }
}
