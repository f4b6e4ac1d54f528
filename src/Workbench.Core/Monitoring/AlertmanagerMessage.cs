using System.Globalization;
using System.Text;

namespace Workbench.Monitoring;

/// <summary>
/// The body of Alertmanager's webhook, version 4
/// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config), with one alert.
/// </summary>
internal sealed record AlertmanagerMessage(
    string Version,
    string GroupKey,
    int TruncatedAlerts,
    string Status,
    string Receiver,
    SortedDictionary<string, string> GroupLabels,
    SortedDictionary<string, string> CommonLabels,
    SortedDictionary<string, string> CommonAnnotations,
    string ExternalURL,
    IReadOnlyList<AlertmanagerMessage.Alert> Alerts)
{
    // Go's zero time is how Alertmanager writes the end of an alert that still fires.
    private static readonly DateTimeOffset NoEnd = DateTimeOffset.MinValue;

    public sealed record Alert(
        string Status,
        SortedDictionary<string, string> Labels,
        SortedDictionary<string, string> Annotations,
        string StartsAt,
        string EndsAt,
        string GeneratorURL,
        string Fingerprint);

    public static AlertmanagerMessage From(AlertEvent alert, string receiver, string externalUrl)
    {
        var status = alert.State == AlertState.Resolved ? "resolved" : "firing";
        var groupLabels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = alert.Rule };
        var labels = new SortedDictionary<string, string>(groupLabels, StringComparer.Ordinal)
        {
            ["metric"] = alert.Metric,
            ["model"] = alert.Model,
        };
        if (alert.Version is { } version)
            labels["version"] = version.ToString(CultureInfo.InvariantCulture);
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["event_id"] = alert.Id,
            ["summary"] = alert.Summary,
            ["threshold"] = alert.Threshold.ToString(CultureInfo.InvariantCulture),
        };
        if (alert.Value is { } value)
            annotations["value"] = value.ToString(CultureInfo.InvariantCulture);
        var ends = alert.State == AlertState.Resolved ? alert.At : NoEnd;
        var single = new Alert(status, labels, annotations, Rfc3339(alert.StartsAt ?? alert.At), Rfc3339(ends), externalUrl, Fingerprint(labels));
        return new AlertmanagerMessage("4", KeyOf(alert.Rule), 0, status, receiver, groupLabels, labels, annotations, externalUrl, [single]);
    }

    /// <summary>A message of a pipeline as an alert of its own that fires.</summary>
    public static AlertmanagerMessage From(NotificationMessage message, string receiver, string externalUrl)
    {
        var groupLabels = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["alertname"] = message.Subject };
        var labels = new SortedDictionary<string, string>(groupLabels, StringComparer.Ordinal)
        {
            ["run"] = message.RunId,
            ["severity"] = message.Severity.ToString().ToLowerInvariant(),
            ["workflow"] = message.Source,
        };
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["description"] = message.Text,
            ["event_id"] = message.Id,
            ["summary"] = message.Subject,
        };
        var single = new Alert("firing", labels, annotations, Rfc3339(message.At), Rfc3339(NoEnd), externalUrl, Fingerprint(labels));
        return new AlertmanagerMessage("4", KeyOf(message.Subject), 0, "firing", receiver, groupLabels, labels, annotations, externalUrl, [single]);
    }

    /// <summary>FNV-1a, 64 bits, over names and values in order, each followed by 0xFF (prometheus/common, model/signature.go).</summary>
    public static string Fingerprint(SortedDictionary<string, string> labels)
    {
        var hash = 14695981039346656037UL;
        foreach (var (name, value) in labels)
            foreach (var part in new[] { name, value })
                foreach (var octet in Encoding.UTF8.GetBytes(part).Append((byte)0xFF))
                    hash = unchecked((hash ^ octet) * 1099511628211UL);
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static string KeyOf(string rule) => $"{{}}:{{alertname=\"{rule.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"}}";

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
