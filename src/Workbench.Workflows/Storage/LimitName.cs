namespace Workbench.Workflows.Storage;

/// <summary>Names of rows of <c>workflow_limits</c>.</summary>
internal static class LimitName
{
    public const string ResourcePrefix = "resource/";

    /// <summary>How many runs of the workflow go on at once.</summary>
    public static string Runs(string definitionId) => $"runs/{definitionId}";

    /// <summary>How many steps of the workflow's runs do.</summary>
    public static string Steps(string definitionId) => $"steps/{definitionId}";

    public static string Resource(string tag) => ResourcePrefix + tag;
}
