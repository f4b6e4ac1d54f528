using System.Globalization;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Rendering;
using Workbench.Workflows.Storage;

namespace Workbench.Host.Pages.Runs;

/// <summary>
/// Pages that people read before they trust a run: the executed notebook of a step, rendered, and report files. They carry HTML
/// of whoever wrote the notebook, so each is answered as a sandbox: its scripts reach neither the host nor its cookie.
/// </summary>
internal sealed class NotebookReports(HostSettings settings)
{
    /// <summary>What a report may do in the browser, wherever it is opened.</summary>
    public const string Sandbox = "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox allow-downloads allow-top-navigation-by-user-activation";
    private const string NotebookFile = "notebook.ipynb";

    /// <summary>The executed notebook of an attempt, where this machine has it; null when it has not.</summary>
    public string? FindNotebook(WorkflowStep step, int? attempt = null)
    {
        // The log lies in the folder of the last attempt: .../run/step/attempt/step.log
        if (step.LogFile is not { } log || Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(log))) is not { } folder)
            return null;
        if (!folder.StartsWith(Path.GetFullPath(settings.Folder.Runs) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            return null;
        var file = Path.Combine(folder, (attempt ?? step.Attempt).ToString(CultureInfo.InvariantCulture), NotebookFile);
        return File.Exists(file) ? file : null;
    }

    /// <summary>The address of a step's notebook, relative to the host's root; null when there is none here.</summary>
    public string? NotebookAddress(string runId, WorkflowStep step) => FindNotebook(step) is null ? null
        : $"runs/{Uri.EscapeDataString(runId)}/notebook?step={Uri.EscapeDataString(step.StepId)}&attempt={step.Attempt.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The address of a file among the reports, relative to the host's root, by its name or path; null when it is none.</summary>
    public string? ReportAddress(string? report)
    {
        if (string.IsNullOrWhiteSpace(report))
            return null;
        var name = report.StartsWith("reports/", StringComparison.Ordinal) ? report["reports/".Length..] : report.TrimStart('/');
        name = name.StartsWith("reports/", StringComparison.Ordinal) ? name["reports/".Length..] : name;
        var folder = Path.GetFullPath(settings.Folder.Reports);
        var file = Path.GetFullPath(Path.IsPathRooted(report) && File.Exists(report) ? report : Path.Combine(folder, name));
        return file.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && File.Exists(file)
            ? $"reports/{string.Join('/', Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}"
            : null;
    }

    /// <summary>The notebook as one page.</summary>
    public static string Render(string notebook) => NotebookRenderer.Render(NotebookDocument.Load(notebook), new RenderOptions());
}

internal static class NotebookReportEndpoints
{
    public static void MapNotebookReports(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/runs/{id}/notebook", SendAsync);

    private static async Task<IResult> SendAsync(string id, string step, HttpContext context, WorkflowStore store, NotebookReports reports, CancellationToken cancellationToken, int? attempt = null)
    {
        var found = (await store.GetRunAsync(id, cancellationToken))?.Steps.FirstOrDefault(one => one.StepId == step);
        if (found is null || reports.FindNotebook(found, attempt) is not { } notebook)
            return Results.Text($"Step '{step}' of run '{id}' has no executed notebook on this machine. The host whose worker ran it has the file.", statusCode: StatusCodes.Status404NotFound);
        context.Response.Headers.ContentSecurityPolicy = NotebookReports.Sandbox;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Content(NotebookReports.Render(notebook), "text/html; charset=utf-8");
    }
}
