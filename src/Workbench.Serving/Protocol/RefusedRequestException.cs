using Microsoft.AspNetCore.Http;

namespace Workbench.Serving.Protocol;

/// <summary>A request that cannot be answered, with the HTTP status that says so. Never leaves the endpoint.</summary>
internal sealed class RefusedRequestException(string message, int status = StatusCodes.Status400BadRequest) : Exception(message)
{
    public int Status { get; } = status;
}
