namespace Workbench.Registry;

/// <summary>Questions about the changes of one alias, given oldest first.</summary>
internal static class AliasHistory
{
    /// <summary>The version a rollback goes to, or null when none is left.</summary>
    public static int? VersionBefore(IReadOnlyList<AliasChange> changes)
    {
        var holders = new List<int>();
        foreach (var change in changes)
        {
            if (change.IsRollback)
                holders.RemoveAll(version => version == change.FromVersion);
            if (holders.Count == 0 || holders[^1] != change.ToVersion)
                holders.Add(change.ToVersion);
        }
        if (holders.Count == 0)
            return null;
        var current = holders[^1];
        var earlier = holders.FindLastIndex(version => version != current);
        return earlier < 0 ? null : holders[earlier];
    }

    /// <summary>The version that held the alias at <paramref name="at"/>, or null; of changes at the same time the last one counts.</summary>
    public static int? VersionAt(IReadOnlyList<AliasChange> changes, DateTimeOffset at) =>
        changes.Where(change => change.At <= at).OrderBy(change => change.At).ThenBy(change => change.Sequence).LastOrDefault()?.ToVersion;
}
