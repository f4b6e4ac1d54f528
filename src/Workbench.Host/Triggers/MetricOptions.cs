using Workbench.Monitoring;

namespace Workbench.Host.Triggers;

/// <summary>When a trigger of type metric fires: a metric over the labels of a time fell below a limit.</summary>
/// <param name="Model">Whose champion is measured.</param>
/// <param name="Metric">accuracy, precision, recall or f1. Default accuracy.</param>
/// <param name="Below">The limit, exclusive, in [0, 1].</param>
/// <param name="Window">How long a label counts after it arrived, in business time. Default 7 days.</param>
/// <param name="MinimumRows">Labelled rows that it takes. Default 200.</param>
internal sealed record MetricOptions(string Model, string Metric, double Below, TimeSpan Window, int MinimumRows)
{
    public static IReadOnlyList<string> Names { get; } = ["model", "metric", "below", "window", "minimumRows"];

    public static MetricOptions Read(EntryReader reader)
    {
        if (!reader.Has("below"))
            reader.Add("below is missing. Give the limit under which the metric starts a run, from 0 to 1.");
        return new(reader.Required("model", "the model whose champion is measured"), reader.Choice("metric", "accuracy", PerformanceMetric.Known), reader.Number("below", 0, 1) ?? 0,
            reader.Time("window", TimeSpan.FromDays(7), TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)), (int)(reader.Number("minimumRows", 1, int.MaxValue) ?? 200));
    }
}
