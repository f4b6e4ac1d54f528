using Workbench.Serving.Sessions;

namespace Workbench.Host.Serving;

internal static class ServedVersions
{
    /// <summary>The version of a model that answers now, or null.</summary>
    public static int? VersionOf(this ServedModels served, string model) => served.Active.FirstOrDefault(one => one.Name == model)?.Version;
}
