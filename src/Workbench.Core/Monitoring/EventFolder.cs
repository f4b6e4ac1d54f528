using Workbench.Data;
using Workbench.Registry;

namespace Workbench.Monitoring;

/// <summary>Where events lie: <c>events/KIND/model=NAME/SEGMENT.parquet</c>, and beside them open segments as <c>.jsonl</c>.</summary>
internal static class EventFolder
{
    public const string Predictions = "predictions";
    public const string Labels = "labels";

    public static string Root(DataFolder folder, string kind) => Path.Combine(folder.Events, kind);

    public static string OfModel(string root, string model)
    {
        ModelName.Check(model);
        return Path.Combine(root, $"model={model}");
    }

    public static string Glob(DataFolder folder, string kind, string model) => Path.Combine(OfModel(Root(folder, kind), model), "*.parquet");

    public static bool HasParquet(DataFolder folder, string kind, string model)
    {
        var path = OfModel(Root(folder, kind), model);
        return Directory.Exists(path) && Directory.EnumerateFiles(path, "*.parquet").Any();
    }
}
