namespace Workbench.Workflows.Storage;

/// <summary>Which versions of a definition are meant, in Elsa's words.</summary>
public enum VersionChoice
{
    /// <summary>The newest version.</summary>
    Latest,
    /// <summary>The version that runs start from.</summary>
    Published,
    /// <summary>The newest and the published version.</summary>
    LatestOrPublished,
    /// <summary>The newest version, when it is published.</summary>
    LatestAndPublished,
    /// <summary>The newest version, when it is not published.</summary>
    Draft,
    /// <summary>Every version.</summary>
    AllVersions,
}
