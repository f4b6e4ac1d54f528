using Workbench.Data;

namespace Workbench.Training.Streaming;

/// <summary>A run of rows of a Parquet file that is stored, and so read, together.</summary>
internal sealed record RowGroup(string File, long First, long Rows)
{
    /// <summary>All row groups of files, in order.</summary>
    public static IReadOnlyList<RowGroup> Of(DuckSession session, IReadOnlyList<string> files)
    {
        var groups = session.Query<(string File, long Group, long Rows)>(
            $"""
            SELECT DISTINCT file_name, row_group_id, row_group_num_rows
            FROM parquet_metadata({TableFile.List(files)})
            ORDER BY file_name, row_group_id
            """);
        var first = new Dictionary<string, long>(StringComparer.Ordinal);
        return groups.Select(group =>
        {
            long start = first.GetValueOrDefault(group.File);
            first[group.File] = start + group.Rows;
            return new RowGroup(group.File, start, group.Rows);
        }).ToList();
    }

    /// <summary>Its rows, for use after FROM.</summary>
    public string Relation =>
        FormattableString.Invariant($"(SELECT * FROM read_parquet({DuckSession.Literal(File)}, file_row_number = true) WHERE file_row_number >= {First} AND file_row_number < {First + Rows})");
}
