using Workbench.Data;

namespace Workbench.Drift;

/// <summary>Profiles one of several parts of a set of files.</summary>
internal static class ProfileShard
{
    private sealed record RowGroup(string File, long FirstRow, long Rows);

    public static DriftProfile Build(string path, int index, int count, DriftOptions options, CancellationToken cancellationToken)
    {
        using var session = DuckSession.Open();
        var files = TableLocator.Find(session, path, TableFormats.All);
        if (files.Count >= count)
            return Merge(files.Where((_, i) => i % count == index - 1).Select(file => DriftProfile.Build(file, options, cancellationToken)), path);
        if (!files.All(TableLocator.IsParquet))
            throw new DataException($"'{path}' stands for {files.Count} text files, which cannot be split into {count} parts. Use at most {files.Count} parts, or Parquet files.") { Origin = path };
        var groups = files.SelectMany(file => RowGroups(session, file)).Where((_, i) => i % count == index - 1).ToList();
        if (groups.Count == 0)
            throw new DataException($"Part {index} of {count} of '{path}' has no row group. Use fewer parts.") { Origin = path };
        session.Execute("SET threads = 1");
        return Merge(
            groups.GroupBy(group => group.File, StringComparer.Ordinal)
                .Select(file => DriftProfile.Build(DriftSource.Query(session.Connection, Query(file.Key, file), file.Key), options, cancellationToken)),
            path);
    }

    // The parts of a whole carry its name, so that their merge does too.
    private static DriftProfile Merge(IEnumerable<DriftProfile> profiles, string path)
    {
        var merged = DriftProfile.Merge(profiles.ToList());
        return new(path, merged.Rows, merged.Columns);
    }

    private static List<RowGroup> RowGroups(DuckSession session, string file)
    {
        var groups = new List<RowGroup>();
        foreach (long rows in session.Query<long>("SELECT any_value(row_group_num_rows) FROM parquet_metadata($file) GROUP BY row_group_id ORDER BY row_group_id", ("file", file)))
            groups.Add(new(file, groups.Count == 0 ? 0 : groups[^1].FirstRow + groups[^1].Rows, rows));
        return groups;
    }

    private static string Query(string file, IEnumerable<RowGroup> groups) =>
        $"SELECT * EXCLUDE (file_row_number) FROM read_parquet({DuckSession.Literal(file)}, file_row_number = true) WHERE "
        + string.Join(" OR ", groups.Select(group => $"file_row_number BETWEEN {group.FirstRow} AND {group.FirstRow + group.Rows - 1}"));
}
