using Workbench.Host.Designer;
using Workbench.Workflows;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Api;

/// <summary>Versions of pipelines: pictures, differences, copies.</summary>
internal static class PipelineEndpoints
{
    public static void MapPipelines(this IEndpointRouteBuilder endpoints)
    {
        var workflows = endpoints.MapGroup("/api/workflows/{id}");
        workflows.MapGet("/versions", VersionsAsync);
        workflows.MapGet("/diff", DiffAsync);
        workflows.MapGet("/drawing", DrawingAsync);
        workflows.MapPost("/duplicate", DuplicateAsync);
    }

    private static async Task<object> VersionsAsync(string id, WorkflowStore store, CancellationToken cancellationToken)
    {
        var versions = await store.ListVersionsAsync(id, cancellationToken);
        if (versions.Count == 0)
            throw Unknown(id);
        return new
        {
            id, name = versions[0].Name, description = versions[0].Description,
            findings = DefinitionRules.Validate(versions[0]).Select(finding => finding.ToString()),
            versions = versions.Select(one => new { one.Id, one.Version, one.IsPublished, one.IsLatest, one.CreatedAt, activities = one.Root.Activities.Count }),
        };
    }

    // Without numbers: the newest version against the one before it.
    private static async Task<object> DiffAsync(string id, WorkflowStore store, CancellationToken cancellationToken, int? from = null, int? to = null)
    {
        var versions = await store.ListVersionsAsync(id, cancellationToken);
        var after = Pick(id, versions, to ?? versions.FirstOrDefault()?.Version ?? 0);
        var before = Pick(id, versions, from ?? versions.FirstOrDefault(one => one.Version < after.Version)?.Version ?? after.Version);
        var diff = DefinitionDiff.Compare(before, after);
        return new
        {
            id, from = before.Version, to = after.Version, moved = diff.MovedActivities,
            changes = diff.Changes.Select(change => new
            {
                kind = change.Kind.ToString(), change.Subject, change.Name, change.Property,
                before = change.Kind == ChangeKind.Changed ? DefinitionChange.Words(change.Before) : null, after = change.Kind == ChangeKind.Changed ? DefinitionChange.Words(change.After) : null,
            }),
        };
    }

    private static async Task<IResult> DrawingAsync(string id, HttpContext context, WorkflowStore store, CancellationToken cancellationToken, int? version = null)
    {
        var definition = version is { } number ? await store.GetVersionAsync(id, number, cancellationToken) : await store.GetLatestAsync(id, cancellationToken);
        if (definition is null)
            throw Unknown(id);
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        return Results.Text(DefinitionDrawing.Render(definition), "image/svg+xml");
    }

    private static async Task<object> DuplicateAsync(string id, WorkflowStore store, CancellationToken cancellationToken, DuplicateBody? body = null)
    {
        var copy = await DefinitionImport.DuplicateAsync(id, body?.Id, store, cancellationToken);
        return new { id = copy.DefinitionId, copy.Version };
    }

    private static WorkflowDefinition Pick(string id, IReadOnlyList<WorkflowDefinition> versions, int number)
    {
        if (versions.Count == 0)
            throw Unknown(id);
        return versions.FirstOrDefault(one => one.Version == number)
            ?? throw new WorkflowException($"The workflow '{id}' has no version {number}. It has {string.Join(", ", versions.Select(one => one.Version).Order())}.");
    }

    private static WorkflowException Unknown(string id) => new($"There is no workflow '{id}'. /api/workflows lists them.");
}

/// <param name="Id">Id of the copy; the next free one when absent.</param>
internal sealed record DuplicateBody(string? Id = null);
