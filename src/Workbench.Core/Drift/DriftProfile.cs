using Workbench.Data;
using Workbench.Drift.Sketches;

namespace Workbench.Drift;

/// <summary>
/// Sketches of every column of some rows: enough to compare other rows with them when they are gone. Profiles of parts merge
/// into that of the whole, so several processes or nodes can each profile a part. Holds no rows, but does hold a categorical
/// column's values: leave out columns whose values name people. Immutable.
/// </summary>
/// <example><code>
/// DriftProfile.Build("churn/2024-*.parquet").Save("2024.wbprofile");
/// var report = DriftReport.Compare("2024.wbprofile", "churn/2025-01.parquet");
/// </code></example>
public sealed class DriftProfile
{
    /// <summary>What a profile's file name ends in.</summary>
    public const string Extension = ".wbprofile";

    internal DriftProfile(string name, long rows, IReadOnlyList<DriftProfileColumn> columns) => (Name, Rows, Columns) = (name, rows, columns);

    /// <summary>What the rows were called.</summary>
    public string Name { get; }
    /// <summary>Rows that the profile stands for.</summary>
    public long Rows { get; }
    /// <summary>Columns, in the order of the source.</summary>
    public IReadOnlyList<DriftProfileColumn> Columns { get; }

    /// <summary>Reads a source once.</summary>
    /// <param name="source">Rows, such as a path or glob.</param>
    /// <param name="options">Columns, kinds, workers, memory limit and progress; tests and thresholds play no part. Null means all columns.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">The source cannot be read, or an option names a column that it lacks.</exception>
    public static DriftProfile Build(DriftSource source, DriftOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var input = source.Open(cancellationToken);
        return new ProfileBuilder(input, options ?? new()).Build(cancellationToken);
    }

    /// <summary>
    /// Reads part <paramref name="index"/> of <paramref name="count"/> of the files of a path, glob or folder: every count-th
    /// file, or every count-th row group when there are fewer Parquet files than parts. The parts' profiles merge into that of
    /// the whole.
    /// </summary>
    /// <param name="path">Files as for <see cref="DriftSource.File"/>; the same for every part.</param>
    /// <param name="index">Which part, from 1 to <paramref name="count"/>.</param>
    /// <param name="count">Parts in all.</param>
    /// <param name="options">As for <see cref="Build"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DataException">The files cannot be read, or are fewer text files than parts.</exception>
    public static DriftProfile BuildShard(string path, int index, int count, DriftOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(index, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, count);
        return ProfileShard.Build(path, index, count, options ?? new(), cancellationToken);
    }

    /// <summary>The profile of all rows of some profiles. A column that one of them lacks counts as NULL there.</summary>
    /// <exception cref="DataException">A column is numeric in one and categorical in another.</exception>
    public static DriftProfile Merge(params IReadOnlyList<DriftProfile> profiles)
    {
        if (profiles.Count == 0)
            throw new ArgumentException("Give at least one profile.", nameof(profiles));
        return profiles.Aggregate(ProfileMerge.Merge);
    }

    /// <summary>Writes the profile to a file; an older one is replaced only when the new one is complete.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream => ProfileFile.Write(this, stream));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataException">There is no such file, it is no profile, it is incomplete or damaged, or another version wrote it.</exception>
    public static DriftProfile Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return ProfileFile.Read(path, File.ReadAllBytes(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Cannot read the profile '{path}': {failure.Message} Check the path.", failure) { Origin = path };
        }
    }
}
