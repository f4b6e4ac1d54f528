namespace Workbench.Drift.Quality.Scanning;

/// <summary>What the values of a column are, whatever their width.</summary>
internal enum ValueKind
{
    Integer,
    Number,
    Boolean,
    /// <summary>A date, or a date with a time of day.</summary>
    Time,
    Text,
    /// <summary>Lists, structures, bytes, ids, times of day: counted and compared as a whole.</summary>
    Other,
}
