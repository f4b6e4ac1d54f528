using System.Globalization;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Features;
using Workbench.Monitoring;
using Workbench.Registry;
using Workbench.Reports;

namespace Workbench.Host.Activities;

/// <summary>Compares what a model was asked with what a version of it was trained on.</summary>
internal sealed class RequestDrift(ModelRegistry registry)
{
    /// <summary>Drift of the logged requests in [from, to) against the version's training rows.</summary>
    /// <exception cref="RegistryException">The version keeps no training rows.</exception>
    /// <exception cref="DataException">No request was logged in that time.</exception>
    public async Task<DriftReport> CompareAsync(ModelVersion version, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken, DriftSettings? settings = null)
    {
        using var folder = new ScratchFolder();
        await VersionFolder.MaterialiseAsync(registry, version, ModelFiles.Reference, folder.Path, cancellationToken);
        var schema = TabularData.Load(folder.Path).Schema;
        var requests = PredictionLog.Window(registry.Folder, version.Name, from, to);
        var chosen = settings ?? new();
        var options = (chosen with { Columns = chosen.Columns ?? [.. schema.Inputs] }).ToOptions();
        return await Task.Run(() => DriftReport.Compare(Path.Combine(folder.Path, "data.parquet"), requests, options, cancellationToken), cancellationToken);
    }

    /// <summary>Keeps the report as an HTML file among the folder's reports and returns its path.</summary>
    /// <param name="report">The report.</param>
    /// <param name="folder">Whose reports.</param>
    /// <param name="name">Letters that no file name takes become dashes.</param>
    /// <param name="now">When it was made.</param>
    public static string Save(DriftReport report, DataFolder folder, string name, DateTimeOffset now)
    {
        var file = Path.Combine(folder.Reports, $"drift-{string.Concat(name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' ? letter : '-'))}.html");
        DriftReportPage.Create(report, now).Save(file);
        return file;
    }

    /// <summary>What the report of a model's requests is called.</summary>
    public static string NameOf(string model, DateTimeOffset from, DateTimeOffset to) => string.Create(CultureInfo.InvariantCulture, $"{model}-{from.UtcDateTime:yyyy-MM-dd}-to-{to.UtcDateTime:yyyy-MM-dd}");
}
