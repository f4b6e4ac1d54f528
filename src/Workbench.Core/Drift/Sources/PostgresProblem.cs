using Npgsql;
using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A source's failures in words.</summary>
internal sealed class PostgresProblem(string source, string database, NpgsqlConnectionStringBuilder settings)
{
    private const string Where = "See the source's address.";

    /// <summary>What the report calls the source.</summary>
    public string Source => source;
    /// <summary>The database in words, without a password.</summary>
    public string Database => database;

    /// <summary>Runs a reading; failures come out as <see cref="DataException"/> or as the cancellation that caused them.</summary>
    public T Translate<T>(Func<T> read, CancellationToken cancellationToken, string? column = null)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return read();
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is NpgsqlException or OperationCanceledException or DataException)
        {
            throw new OperationCanceledException("Reading from PostgreSQL was cancelled.", failure, cancellationToken);
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
        {
            throw Explain(failure, column);
        }
    }

    private DataException Explain(Exception failure, string? column) => new(Describe(failure, column), failure)
    {
        Origin = source, Column = column, IsUnavailable = PostgresFailure.IsUnavailable(failure),
    };

    private string Describe(Exception failure, string? column)
    {
        string what = column is null ? $"'{source}'" : $"column '{column}' of '{source}'";
        return failure switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
                $"Cannot read {what}: {refused.MessageText}. Ask the owner: GRANT SELECT ON the table TO \"{settings.Username}\".",
            PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange } =>
                $"Cannot read {what} as numbers: a value is beyond what a double can hold (1.8e308) or nearer to zero than 4.9e-324. Leave it out in a query, or set the column's kind to Categorical.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidTextRepresentation } refused =>
                $"Cannot read {what}: {refused.MessageText}. Mend the value, leave it out in a query, or set the column's kind to Categorical.",
            PostgresException { SqlState: PostgresErrorCodes.CannotCoerce } refused =>
                $"Cannot read {what}: {refused.MessageText}. Set the column's kind otherwise, or convert it in a query.",
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } =>
                $"Cannot read {what}: the query writes, and sources are read only. Give a SELECT.",
            PostgresException refused when refused.SqlState[..2] is "42" or "22" or "21" =>
                $"Cannot read {what}: {refused.MessageText} ({refused.SqlState}). Correct the query.",
            _ => $"Cannot read {what}. {PostgresFailure.Describe(failure, settings, Where)}",
        };
    }
}
