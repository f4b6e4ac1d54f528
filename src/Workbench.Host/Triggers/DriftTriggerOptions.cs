namespace Workbench.Host.Triggers;

/// <summary>When a trigger of type drift fires: by the share of drifted columns, or by one column.</summary>
/// <param name="Model">Whose drift checks count.</param>
/// <param name="Share">Share of drifted columns from which it fires, in (0, 1]. Default 0.5; not used when a column is named.</param>
/// <param name="Column">A column, or null.</param>
/// <param name="Above">Distance of that column from which it fires, PSI or normed Wasserstein; null for the check's own verdict.</param>
internal sealed record DriftTriggerOptions(string Model, double Share, string? Column, double? Above)
{
    private const double DefaultShare = 0.5;

    public static IReadOnlyList<string> Names { get; } = ["model", "share", "column", "above"];

    public static DriftTriggerOptions Read(EntryReader reader)
    {
        if (reader.Has("share") && reader.Has("column"))
            reader.Add("Give share or column, not both: two triggers may watch both.");
        if (reader.Has("above") && !reader.Has("column"))
            reader.Add("above belongs to a column. Name the column, or give share.");
        return new(reader.Required("model", "the model whose requests are watched"), reader.Number("share", double.Epsilon, 1) ?? DefaultShare,
            reader.Text("column"), reader.Number("above", 0, double.MaxValue));
    }
}
