using Microsoft.Data.Sqlite;

namespace Workbench.Data;

/// <summary>What a SQLite result code (https://www.sqlite.org/rescode.html) means to a user, and what to do.</summary>
internal static class SqliteFailure
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, InputOutput = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static bool IsBusy(SqliteException failure) => failure.SqliteErrorCode is Busy or Locked;

    /// <summary>The surroundings are at fault (disk, rights, locks), not the statement.</summary>
    public static bool IsEnvironment(SqliteException failure) =>
        IsBusy(failure) || failure.SqliteErrorCode is ReadOnly or InputOutput or Corrupt or Full or CannotOpen or NotADatabase;

    public static string Describe(Exception failure, string path) => failure switch
    {
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            $"The database '{path}' stayed locked by another process. Find the process that holds a transaction open, end it and try again.",
        SqliteException { SqliteErrorCode: ReadOnly } =>
            $"The database '{path}' is read-only. Make the file and its folder writable, or name another data folder with --data.",
        SqliteException { SqliteErrorCode: Full } =>
            $"The disk that holds the database '{path}' is full. Free some space and try again; nothing of this write was kept.",
        SqliteException { SqliteErrorCode: NotADatabase } =>
            $"The file '{path}' is no SQLite database. Move it away or name another data folder with --data.",
        SqliteException { SqliteErrorCode: Corrupt } =>
            $"The database '{path}' is damaged. Restore it from a backup, or move it away to start afresh.",
        _ => $"Cannot open the database '{path}': {failure.Message} Make its folder writable, or name another data folder with --data.",
    };
}
