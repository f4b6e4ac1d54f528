using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Workbench.Data;
using Workbench.Registry;
using Workbench.Workflows;

namespace Workbench.Host.Api;

/// <summary>Expected failures become an answer that says what was wrong; others stay 500 and are logged.</summary>
internal static class ErrorAnswers
{
    public static void UseErrorAnswers(this WebApplication app) => app.UseExceptionHandler(handler => handler.Run(async context =>
    {
        var failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        (context.Response.StatusCode, var message) = failure switch
        {
            DataException { IsUnavailable: true } or WorkflowException { IsUnavailable: true } => (StatusCodes.Status503ServiceUnavailable, failure.Message),
            DbException { IsTransient: true } => (StatusCodes.Status503ServiceUnavailable, $"The database failed: {failure.Message} Try again."),
            RegistryException or WorkflowException or WorkbenchException or CommandException => (StatusCodes.Status400BadRequest, failure.Message),
            BadHttpRequestException bad => (bad.StatusCode, bad.InnerException is JsonException json ? $"The body is no valid JSON: {json.Message}" : bad.Message),
            JsonException json => (StatusCodes.Status400BadRequest, $"The body is no valid JSON: {json.Message}"),
            _ => (StatusCodes.Status500InternalServerError, "The host failed; its log says why."),
        };
        await context.Response.WriteAsJsonAsync(new { error = message }, context.RequestAborted);
    }));
}
