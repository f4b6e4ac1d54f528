using System.Text;
using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;
using static Workbench.Host.Designer.DesignerEndpoints;

namespace Workbench.Host.Designer;

/// <summary>Definitions in and out as files.</summary>
internal static class DefinitionFileEndpoints
{
    public static void MapDefinitionFiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/workflow-definitions/{id}/export", ExportAsync);
        api.MapPost("/bulk-actions/export/workflow-definitions", ExportManyAsync);
        api.MapPost("/workflow-definitions/import", ImportAsync);
        api.MapPost("/workflow-definitions/import-files", ImportFilesAsync).DisableAntiforgery();
    }

    private static async Task<IResult> ExportAsync(string id, HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
        await DefinitionEndpoints.FindAsync(id, DesignerRequest.Text(request, "versionOptions"), store, cancellationToken) is { } found
            ? Results.File(Encoding.UTF8.GetBytes(found.ToJson()), "application/json", DefinitionArchive.FileName(found))
            : Problem.NotFound("workflow", id);

    // Elsa's client sends ids of versions.
    private static async Task<IResult> ExportManyAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        var ids = DesignerJson.Texts((await DesignerRequest.BodyAsync(request, cancellationToken))["ids"]);
        if (ids.Count == 0)
            return Problem.Of(StatusCodes.Status400BadRequest, "No 'ids' were given. Name the versions to export.");
        var (found, _) = await store.SearchDefinitionsAsync(new() { Versions = VersionChoice.AllVersions, Ids = ids, Take = ids.Count }, cancellationToken);
        return found.Count == 0
            ? Problem.NotFound("workflow version", string.Join(", ", ids))
            : found.Count == 1
                ? Results.File(Encoding.UTF8.GetBytes(found[0].ToJson()), "application/json", DefinitionArchive.FileName(found[0]))
                : Results.File(DefinitionArchive.Pack(found), "application/zip", "workflow-definitions.zip");
    }

    private static async Task<IResult> ImportAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken) =>
        Json(DefinitionView.Full(await DefinitionImport.SaveAsync(await DesignerRequest.BodyAsync(request, cancellationToken), Mode(request), store, cancellationToken)));

    // All files are read before the first is saved, so that a wrong one changes nothing.
    private static async Task<IResult> ImportFilesAsync(HttpRequest request, WorkflowStore store, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType)
            return Problem.Of(StatusCodes.Status415UnsupportedMediaType, "Send the files as multipart/form-data.");
        var mode = Mode(request);
        var read = new List<JsonObject>();
        foreach (var file in (await request.ReadFormAsync(cancellationToken)).Files)
        {
            await using var content = file.OpenReadStream();
            read.AddRange(DefinitionArchive.Unpack(file.FileName, content));
        }
        var saved = new List<WorkflowDefinition>();
        foreach (var json in read)
            saved.Add(await DefinitionImport.SaveAsync(json, mode, store, cancellationToken));
        return Json(new JsonObject { ["count"] = saved.Count, ["definitionIds"] = new JsonArray([.. saved.Select(one => (JsonNode)one.DefinitionId)]) });
    }

    private static ImportMode Mode(HttpRequest request) => DesignerRequest.Choice<ImportMode>("mode", DesignerRequest.Text(request, "mode")) ?? ImportMode.Overwrite;
}
