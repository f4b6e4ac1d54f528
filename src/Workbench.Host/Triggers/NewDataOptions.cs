namespace Workbench.Host.Triggers;

/// <summary>What a trigger of type newData watches.</summary>
/// <param name="Path">A file, a glob such as data/*.csv, or folders such as data/dt=*/; relative to the project.</param>
/// <param name="Stable">How long size and time must not change. Default 30 s.</param>
/// <param name="FiresForExisting">Whether what is there when the trigger is published starts a run. Default no.</param>
internal sealed record NewDataOptions(string Path, TimeSpan Stable, bool FiresForExisting)
{
    public static IReadOnlyList<string> Names { get; } = ["path", "stable", "existing"];

    public static NewDataOptions Read(EntryReader reader) => new(
        reader.Required("path", "a file, a glob such as data/*.csv, or folders such as data/dt=*/"),
        reader.Time("stable", TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromDays(1)),
        reader.Choice("existing", "ignore", ["ignore", "fire"]) == "fire");
}
