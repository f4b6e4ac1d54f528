using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.DataProtection;
using MudBlazor.Services;
using Workbench.Host.Api;
using Workbench.Host.Pages.Approvals;
using Workbench.Host.Pages.Home;
using Workbench.Host.Pages.Models;
using Workbench.Host.Pages.Runs;

namespace Workbench.Host.Pages;

/// <summary>
/// The host's own pages: Blazor components that run on the server and push what changed over one web socket. Everything comes
/// from the executable itself; nothing is asked of another origin.
/// </summary>
internal static class PageEndpoints
{
    private const string Circuits = "/_blazor";
    // What a person pastes into an input of a run; files go to the API.
    private const int LargestMessageBytes = 1024 * 1024;
    // MudBlazor and plotly.js set styles on elements and insert rules; no script is inline, none is made from text.
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
        "frame-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void AddPages(this IServiceCollection services, HostSettings settings)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitMaxRetained = 20;
            circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
        }).AddHubOptions(hub => hub.MaximumReceiveMessageSize = LargestMessageBytes);
        // What a page's first answer says of its components is signed; the keys survive a restart and stay in the data folder.
        services.AddDataProtection().SetApplicationName("workbench").PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(settings.Folder.Path, "keys")));
        services.AddMudServices();
        services.AddScoped<Visitor>();
        services.AddScoped<HomeOverview>().AddScoped<NotebookReports>().AddScoped<ApprovalEvidence>().AddScoped<ModelFigures>();
    }

    /// <summary>Policy of the pages, and the web socket's origin. Belongs after routing and sign-in.</summary>
    public static void UsePages(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            if (context.Request.Path.StartsWithSegments(Circuits) && !PageOrigin.IsOwn(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                await context.Response.WriteAsync("A connection from a page of another site is refused. Open the pages from the host's own address.", context.RequestAborted);
                return;
            }
            if (context.GetEndpoint()?.Metadata.GetMetadata<RootComponentMetadata>() is not null)
                Protect(context.Response);
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false } && context.GetEndpoint() is null && ApiKeyGate.WantsPage(context.Request))
                await PageFile.SendAsync(context, "not-found.html", PageOrigin.ToRoot(context.Request.Path.Value ?? "/"));
        });
        app.UseAntiforgery();
    }

    public static void MapPages(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPageAssets();
        endpoints.MapNotebookReports();
        endpoints.MapTimelines();
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
    }

    /// <summary>Headers of every page of ours.</summary>
    public static void Protect(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
    }
}
