using System.Runtime.InteropServices;
using Workbench.Data;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Rows that are the same as an earlier one, by 64-bit hashes: that no two are the same is proof; two different rows have the same once in 10^19 pairs.</summary>
internal static class RowHashes
{
    // 16 bytes a row while they are sorted; DuckDB's own count takes longer and writes what has no room to the disk.
    private const long MostSorted = 50_000_000;

    public static long Repeated(RelationQuery query, IEnumerable<ColumnProfile> columns, long rows)
    {
        string hash = $"hash({string.Join(", ", columns.Select(column => DuckSession.Identifier(column.Column)))})";
        if (rows > MostSorted)
            return query.Count($"SELECT count(*) - count(DISTINCT {hash}) FROM {query.Relation}");
        var hashes = new List<ulong>((int)rows);
        query.Stream($"SELECT {hash} FROM {query.Relation}", vectors => hashes.AddRange(vectors.Values<ulong>(0)));
        var sorted = CollectionsMarshal.AsSpan(hashes);
        RadixSort.Sort(sorted);
        long repeated = 0;
        for (int i = 1; i < sorted.Length; i++)
            repeated += sorted[i] == sorted[i - 1] ? 1 : 0;
        return repeated;
    }
}
