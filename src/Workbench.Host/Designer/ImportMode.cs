namespace Workbench.Host.Designer;

/// <summary>What an import does about a definition whose id is taken.</summary>
internal enum ImportMode
{
    /// <summary>It becomes the next draft of that definition.</summary>
    Overwrite,
    /// <summary>It becomes a definition of its own, under a new id.</summary>
    New,
}
