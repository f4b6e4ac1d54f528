using System.Text.Json;
using Workbench.Workflows;

namespace Workbench.Host.Designer;

/// <summary>The edge of a designer request: refuses what another site sent, and turns expected failures into problem details.</summary>
internal sealed class DesignerFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        // A page of another site must not start or change pipelines through the user's browser.
        if (context.HttpContext.Request.Headers["Sec-Fetch-Site"] == "cross-site")
            return Problem.Of(StatusCodes.Status403Forbidden, "A request from another site is refused. Open the designer from the host's own address.");
        try
        {
            return await next(context);
        }
        catch (WorkflowException failure)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, failure.Message);
        }
        catch (JsonException failure)
        {
            return Problem.Of(StatusCodes.Status400BadRequest, $"The body is no valid JSON: {failure.Message}");
        }
        catch (BadHttpRequestException failure)
        {
            return Problem.Of(failure.StatusCode, failure.Message);
        }
    }
}
