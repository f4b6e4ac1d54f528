namespace Workbench.Host.Designer;

/// <summary>The part of Elsa's REST API that its designer calls, over our own engine.</summary>
internal static class DesignerEndpoints
{
    public const string Prefix = "/elsa/api";

    public static void MapDesignerApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(Prefix);
        api.AddEndpointFilter<DesignerFilter>();
        api.MapDescriptors();
        api.MapDefinitions();
        api.MapDefinitionFiles();
        api.MapBulkActions();
        api.MapInstances();
        api.MapActivityExecutions();
        api.MapEvents();
        api.MapFallback("/{**rest}", (HttpContext context) =>
            Problem.Of(StatusCodes.Status404NotFound, $"{context.Request.Method} {context.Request.Path} is not part of this host's Elsa API."));
    }

    public static IResult Json(System.Text.Json.Nodes.JsonNode json) => Results.Text(json.ToJsonString(), "application/json");
}
