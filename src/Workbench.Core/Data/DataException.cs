namespace Workbench.Data;

/// <summary>Data that cannot be read as what it should be: names the file, line, column and value where they are known.</summary>
public sealed class DataException(string message, Exception? innerException = null) : WorkbenchException(message, innerException)
{
    /// <summary>The file or table, or null when the data came from memory.</summary>
    public string? Origin { get; init; }
    /// <summary>One-based line of a text file, or null.</summary>
    public long? Line { get; init; }
    /// <summary>Column name, or null.</summary>
    public string? Column { get; init; }
    /// <summary>The value that was refused, or null.</summary>
    public string? Value { get; init; }
    /// <summary>Whether a database is out of reach at present, so that the same call may succeed later.</summary>
    public bool IsUnavailable { get; init; }
}
