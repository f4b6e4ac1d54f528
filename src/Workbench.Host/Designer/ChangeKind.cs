namespace Workbench.Host.Designer;

/// <summary>What happened to a part of a definition.</summary>
internal enum ChangeKind
{
    Added,
    Removed,
    Changed,
}
