using System.Data.Common;
using Dapper;

namespace Workbench.Registry;

public sealed partial class ModelRegistry
{
    private const string ChangeColumns = """
        name as Name, sequence as Sequence, alias as Alias, from_version as FromVersion, to_version as ToVersion, at as At, actor as Actor,
        reason as Reason, forced as Forced, is_rollback as IsRollback, idempotency_key as IdempotencyKey
        """;

    /// <summary>Points an alias at a version and adds an entry to the history, in one transaction.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="alias">Alias such as <c>champion</c>; created when it does not exist.</param>
    /// <param name="version">The version that holds it from now on.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="forced">Whether the gate was passed over.</param>
    /// <param name="idempotencyKey">A key that was used for this alias before changes nothing and returns that entry.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RegistryException">The model or version is unknown, or the alias is not allowed.</exception>
    public Task<AliasChange> SetAliasAsync(
        string name,
        string alias,
        int version,
        string actor,
        string reason,
        bool forced = false,
        string? idempotencyKey = null,
        CancellationToken cancellationToken = default)
    {
        ModelName.Check(alias, "alias");
        return ChangeAliasAsync(
            new AliasMove(name, alias, actor, reason, forced, IsRollback: false, idempotencyKey),
            async (connection, _) =>
            {
                await RequireVersionAsync(connection, name, version);
                return version;
            },
            cancellationToken);
    }

    /// <summary>
    /// Points an alias back at the version that held it before: never the present one, nor one it was rolled back from.
    /// </summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="alias">Alias such as <c>champion</c>.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="idempotencyKey">A key that was used for this alias before changes nothing and returns that entry.</param>
    /// <param name="fromVersion">
    /// The version that failed, or null for whichever holds the alias. When another one holds it by now, nothing is rolled back.
    /// </param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="RegistryException">The model or alias is unknown, no earlier version is left, or the alias has moved on.</exception>
    public Task<AliasChange> RollbackAsync(
        string name,
        string alias,
        string actor,
        string reason,
        string? idempotencyKey = null,
        int? fromVersion = null,
        CancellationToken cancellationToken = default) =>
        ChangeAliasAsync(
            new AliasMove(name, alias, actor, reason, Forced: false, IsRollback: true, idempotencyKey),
            async (connection, current) =>
            {
                if (current is null)
                    throw await UnknownAliasAsync(connection, name, alias);
                if (fromVersion is { } failed && failed != current)
                    throw new RegistryException(
                        $"Alias '{alias}' of model '{name}' points at version {current} by now and no longer at {failed}; nothing was rolled back.");
                var changes = await ReadChangesAsync(connection, name, alias);
                return AliasHistory.VersionBefore(changes) ?? throw new RegistryException(
                    $"Alias '{alias}' of model '{name}' cannot be rolled back from version {current}: no earlier version that was not rolled back itself. Set it to a version by hand.");
            },
            cancellationToken);

    /// <summary>The version that holds an alias now, or null when the alias is not set.</summary>
    /// <exception cref="RegistryException">The model is unknown; names the nearest.</exception>
    public Task<ModelVersion?> GetAliasAsync(string name, string alias, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                await RequireModelAsync(connection, name);
                var version = await CurrentAsync(connection, name, alias);
                return version is { } number ? (await LoadVersionsAsync(connection, name, number))[0] : null;
            },
            cancellationToken);

    /// <summary>Every change of the model's aliases, oldest first.</summary>
    /// <exception cref="RegistryException">The model is unknown; names the nearest.</exception>
    public Task<IReadOnlyList<AliasChange>> HistoryAsync(string name, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                await RequireModelAsync(connection, name);
                return await ReadChangesAsync(connection, name, null);
            },
            cancellationToken);

    /// <summary>The version that held an alias at a moment of business time, or null when none did.</summary>
    /// <exception cref="RegistryException">The model is unknown; names the nearest.</exception>
    public Task<ModelVersion?> AliasAtAsync(string name, string alias, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                await RequireModelAsync(connection, name);
                var version = AliasHistory.VersionAt(await ReadChangesAsync(connection, name, alias), at);
                return version is { } number ? (await LoadVersionsAsync(connection, name, number))[0] : null;
            },
            cancellationToken);

    private Task<AliasChange> ChangeAliasAsync(
        AliasMove move, Func<DbConnection, int?, Task<int>> chooseVersion, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(move.Actor);
        ArgumentException.ThrowIfNullOrWhiteSpace(move.Reason);
        return _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await LockModelAsync(connection, move.Name);
                var changes = await ReadChangesAsync(connection, move.Name, move.Alias);
                if (move.IdempotencyKey is { } key && changes.FirstOrDefault(change => change.IdempotencyKey == key) is { } done)
                    return done;
                var current = await CurrentAsync(connection, move.Name, move.Alias);
                var target = await chooseVersion(connection, current);
                return await WriteMoveAsync(connection, transaction, move, current, target);
            },
            cancellationToken);
    }

    private async Task<AliasChange> WriteMoveAsync(
        DbConnection connection, DbTransaction transaction, AliasMove move, int? current, int target)
    {
        await connection.ExecuteAsync(
            """
            insert into model_aliases (name, alias, version)
            values (@Name, @Alias, @target)
            on conflict (name, alias) do update set version = excluded.version
            """,
            new { move.Name, move.Alias, target }, transaction);
        await connection.ExecuteAsync(
            """
            insert into model_history
                (name, sequence, alias, from_version, to_version, at, actor, reason, forced, is_rollback, idempotency_key)
            select @Name, coalesce(max(sequence), 0) + 1, @Alias, @current, @target, @at, @Actor, @Reason, @forced, @rollback, @IdempotencyKey
            from model_history
            where name = @Name
            """,
            new
            {
                move.Name,
                move.Alias,
                current,
                target,
                at = _clock.Milliseconds(),
                move.Actor,
                move.Reason,
                forced = move.Forced ? 1 : 0,
                rollback = move.IsRollback ? 1 : 0,
                move.IdempotencyKey,
            },
            transaction);
        return (await ReadChangesAsync(connection, move.Name, move.Alias))[^1];
    }

    private static async Task<int?> CurrentAsync(DbConnection connection, string name, string alias) =>
        (int?)await connection.QuerySingleOrDefaultAsync<long?>(
            "select version from model_aliases where name = @name and alias = @alias", new { name, alias });

    private static async Task<IReadOnlyList<AliasChange>> ReadChangesAsync(DbConnection connection, string name, string? alias)
    {
        var filter = alias is null ? "where name = @name" : "where name = @name and alias = @alias";
        var rows = await connection.QueryAsync<ChangeRow>(
            $"select {ChangeColumns} from model_history {filter} order by sequence", new { name, alias });
        return [.. rows.Select(row => row.ToChange())];
    }

    private static async Task<RegistryException> UnknownAliasAsync(DbConnection connection, string name, string alias)
    {
        var known = (await connection.QueryAsync<string>("select alias from model_aliases where name = @name order by alias", new { name })).AsList();
        return new RegistryException($"Model '{name}' has no alias '{alias}'. {Spelling.Suggest(alias, known)}");
    }

    private sealed record AliasMove(
        string Name, string Alias, string Actor, string Reason, bool Forced, bool IsRollback, string? IdempotencyKey);

    private sealed record ChangeRow
    {
        public string Name { get; init; } = "";
        public long Sequence { get; init; }
        public string Alias { get; init; } = "";
        public long? FromVersion { get; init; }
        public long ToVersion { get; init; }
        public long At { get; init; }
        public string Actor { get; init; } = "";
        public string Reason { get; init; } = "";
        public long Forced { get; init; }
        public long IsRollback { get; init; }
        public string? IdempotencyKey { get; init; }

        public AliasChange ToChange() => new()
        {
            Name = Name,
            Sequence = (int)Sequence,
            Alias = Alias,
            FromVersion = (int?)FromVersion,
            ToVersion = (int)ToVersion,
            At = RegistryTime.From(At),
            Actor = Actor,
            Reason = Reason,
            Forced = Forced == 1,
            IsRollback = IsRollback == 1,
            IdempotencyKey = IdempotencyKey,
        };
    }
}
