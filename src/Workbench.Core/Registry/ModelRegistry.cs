using System.Data.Common;
using Dapper;
using Workbench.Data;

namespace Workbench.Registry;

/// <summary>
/// Experiments and their runs, model versions and their files, aliases and their history: MLflow's concepts in the
/// installation's database, and a history that answers who moved an alias, when, why and from which version.
/// Thread-safe; several processes may work on one folder, and several nodes on one PostgreSQL database.
/// </summary>
/// <example><code>
/// var registry = ModelRegistry.Open(DataFolder.FromEnvironment());
/// var version = await registry.RegisterAsync(new() { Name = "churn", Files = NewModelVersion.FilesIn("model"), DataHash = hash });
/// await registry.SetAliasAsync("churn", "champion", version.Version, actor: "notebook", reason: "first version");
/// </code></example>
public sealed partial class ModelRegistry
{
    private const string ScriptPrefix = "Workbench.Registry.Migrations.";
    private const string JournalTable = "registry_journal";

    private readonly RelationalStore _store;
    private readonly TimeProvider _clock;

    private ModelRegistry(DataFolder folder, RelationalStore store, TimeProvider clock)
    {
        Folder = folder;
        Artifacts = new ArtifactStore(folder);
        _store = store;
        _clock = clock;
    }

    /// <summary>The folder that holds the database and the files.</summary>
    public DataFolder Folder { get; }

    /// <summary>Where the files of the versions lie.</summary>
    public ArtifactStore Artifacts { get; }

    /// <summary>Opens the registry of a folder and creates or upgrades its tables.</summary>
    /// <param name="folder">The installation's folder; the database is its own file, or the one that <see cref="DataFolder.SharedDatabase"/> names.</param>
    /// <param name="clock">Business clock of all recorded times; default <see cref="ReplayClock.FromEnvironment"/>.</param>
    /// <exception cref="DataException">The folder cannot be written, its database file is no database, or the database server cannot be used.</exception>
    public static ModelRegistry Open(DataFolder folder, TimeProvider? clock = null)
    {
        var store = RelationalStore.Open(folder);
        store.Migrate(typeof(ModelRegistry).Assembly, ScriptPrefix, JournalTable);
        return new ModelRegistry(folder, store, clock ?? ReplayClock.FromEnvironment());
    }

    /// <summary>The first statement of a transaction that decides by what a model has: those of one model follow one another.</summary>
    private async Task LockModelAsync(DbConnection connection, string name)
    {
        if (await connection.ExecuteScalarAsync<string?>($"select name from registered_models where name = @name {_store.Engine.ForUpdate}", new { name }) is null)
            await RequireModelAsync(connection, name);
    }

    private static async Task RequireModelAsync(DbConnection connection, string name)
    {
        var known = (await connection.QueryAsync<string>("select name from registered_models order by name")).AsList();
        if (!known.Contains(name))
            throw new RegistryException($"Unknown model '{name}'. {Spelling.Suggest(name, known)}");
    }
}
