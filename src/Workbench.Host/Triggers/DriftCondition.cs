using System.Globalization;
using System.Text.Json.Nodes;
using Workbench.Drift;

namespace Workbench.Host.Triggers;

/// <summary>Whether a drift check is what a trigger waits for.</summary>
internal static class DriftCondition
{
    /// <summary>Why the check fires the trigger; null when it does not.</summary>
    public static string? Holds(DriftReport report, DriftTriggerOptions options, string model)
    {
        if (options.Model != model)
            return null;
        if (options.Column is not { } name)
            return report.DriftedShare < options.Share ? null : string.Create(CultureInfo.InvariantCulture,
                $"drift: {report.DriftedShare:P0} of the columns of {model} drifted ({string.Join(", ", report.Drifted.Select(column => column.Column))})");
        if (report.Columns.FirstOrDefault(column => column.Column == name) is not { } found)
            return null;
        var distance = Distance(found);
        var holds = (options.Above, distance) is ({ } limit, { } moved) ? moved >= limit : found.IsDrift;
        return !holds ? null : string.Create(CultureInfo.InvariantCulture, $"drift: column '{name}' of {model} {(distance is { } value ? $"moved by {value:0.###}" : found.Note ?? "drifted")}");
    }

    public static JsonObject Payload(DriftReport report, string model, DateTimeOffset from, DateTimeOffset to) => new()
    {
        ["model"] = model, ["from"] = from.UtcDateTime, ["to"] = to.UtcDateTime, ["driftedShare"] = report.DriftedShare,
        ["columns"] = new JsonArray([.. report.Drifted.Select(column => (JsonNode)new JsonObject { ["column"] = column.Column, ["distance"] = Distance(column), ["reason"] = column.Reason })]),
    };

    /// <summary>The largest statistic of the tests that decide, PSI and normed Wasserstein unless others were chosen; null when a column could not be tested.</summary>
    private static double? Distance(ColumnDrift column) => column.Tests
        .Where(test => test is { IsByPValue: false, Role: DriftRole.Decides }).Max(test => (double?)test.Statistic);
}
