using System.Data.Common;
using Dapper;
using Workbench.Distributed.Launch;

namespace Workbench.Registry;

public sealed partial class ModelRegistry
{
    private const string VersionColumns = """
        name as Name, version as Version, created_at as CreatedAt, run_id as RunId, description as Description, data_hash as DataHash,
        notebook_hash as NotebookHash, metrics as Metrics, parameters as Parameters, environment as Environment
        """;

    /// <summary>Stores the files of a model and registers them as its next version.</summary>
    /// <returns>The new version, or the one that was registered before with the same <see cref="NewModelVersion.IdempotencyKey"/>.</returns>
    /// <exception cref="RegistryException">The name is not allowed, there is no file, a file is missing, or the run is unknown.</exception>
    public async Task<ModelVersion> RegisterAsync(NewModelVersion model, CancellationToken cancellationToken = default)
    {
        CheckNew(model);
        var files = new List<ArtifactFile>();
        foreach (var (path, file) in model.Files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            var id = await Artifacts.PutAsync(file, cancellationToken);
            files.Add(new ArtifactFile(path, id, new FileInfo(Artifacts.PathOf(id)).Length));
        }
        var version = await _store.InWriteTransactionAsync(
            async (connection, transaction) =>
            {
                await AddModelAsync(connection, transaction, model.Name);
                await LockModelAsync(connection, model.Name);
                return await RegisteredWithAsync(connection, model.Name, model.IdempotencyKey)
                    ?? await InsertVersionAsync(connection, transaction, model, files);
            },
            cancellationToken);
        RankSession.Current?.Report(new JobModel(model.Name, (int)version).ToJson());
        return await GetVersionAsync(model.Name, (int)version, cancellationToken);
    }

    /// <summary>Refuses a name that no model can have, before the work of making one.</summary>
    /// <exception cref="RegistryException">The name is not allowed; says what is.</exception>
    public static void CheckName(string name) => ModelName.Check(name);

    /// <summary>One version of a model.</summary>
    /// <exception cref="RegistryException">The model or the version is unknown; names the known ones.</exception>
    public Task<ModelVersion> GetVersionAsync(string name, int version, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                await RequireVersionAsync(connection, name, version);
                return (await LoadVersionsAsync(connection, name, version))[0];
            },
            cancellationToken);

    /// <summary>All versions of a model, oldest first.</summary>
    /// <exception cref="RegistryException">The model is unknown; names the nearest.</exception>
    public Task<IReadOnlyList<ModelVersion>> ListVersionsAsync(string name, CancellationToken cancellationToken = default) =>
        _store.ReadAsync(
            async connection =>
            {
                await RequireModelAsync(connection, name);
                return await LoadVersionsAsync(connection, name, null);
            },
            cancellationToken);

    /// <summary>All models, by name.</summary>
    public Task<IReadOnlyList<RegisteredModel>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        _store.ReadAsync<IReadOnlyList<RegisteredModel>>(
            async connection =>
            {
                var models = await connection.QueryAsync<ModelRow>(
                    "select name as Name, created_at as CreatedAt, last_version as LastVersion from registered_models order by name");
                var aliases = (await connection.QueryAsync<AliasRow>(
                    "select name as Name, alias as Alias, version as Version from model_aliases order by alias")).ToLookup(row => row.Name);
                return [.. models.Select(model => new RegisteredModel
                {
                    Name = model.Name,
                    CreatedAt = RegistryTime.From(model.CreatedAt),
                    LatestVersion = (int)model.LastVersion,
                    Aliases = aliases[model.Name].ToDictionary(row => row.Alias, row => (int)row.Version),
                })];
            },
            cancellationToken);

    /// <summary>Writes the files of a version below <paramref name="destination"/>, each checked against its hash.</summary>
    /// <exception cref="RegistryException">The version is unknown, or a stored file is missing or damaged.</exception>
    public async Task<ModelVersion> MaterialiseAsync(
        string name, int version, string destination, CancellationToken cancellationToken = default)
    {
        var found = await GetVersionAsync(name, version, cancellationToken);
        await Artifacts.MaterialiseAsync(found.Files, destination, cancellationToken);
        return found;
    }

    private static void CheckNew(NewModelVersion model)
    {
        ModelName.Check(model.Name);
        if (model.Files.Count == 0)
            throw new RegistryException($"The new version of model '{model.Name}' has no file. Give at least the model itself in {nameof(model.Files)}.");
        foreach (var path in model.Files.Keys)
            ArtifactPaths.Check(path);
    }

    /// <summary>A model without versions is seen by nobody: the transaction adds the first, or fails.</summary>
    private Task AddModelAsync(DbConnection connection, DbTransaction transaction, string name) =>
        connection.ExecuteAsync(
            "insert into registered_models (name, created_at, last_version) values (@name, @now, 0) on conflict (name) do nothing",
            new { name, now = _clock.Milliseconds() }, transaction);

    private static Task<long?> RegisteredWithAsync(DbConnection connection, string name, string? key) =>
        connection.QuerySingleOrDefaultAsync<long?>(
            "select version from model_versions where name = @name and idempotency_key = @key", new { name, key });

    private async Task<long> InsertVersionAsync(
        DbConnection connection, DbTransaction transaction, NewModelVersion model, IReadOnlyList<ArtifactFile> files)
    {
        if (model.RunId is { } runId)
            await RequireRunAsync(connection, runId);
        var now = _clock.Milliseconds();
        var version = await connection.QuerySingleAsync<long>(
            "update registered_models set last_version = last_version + 1 where name = @name returning last_version",
            new { name = model.Name }, transaction);
        await connection.ExecuteAsync(
            """
            insert into model_versions
                (name, version, created_at, run_id, description, data_hash, notebook_hash, metrics, parameters, environment, idempotency_key)
            values
                (@name, @version, @now, @runId, @description, @dataHash, @notebookHash, @metrics, @parameters, @environment, @key)
            """,
            new
            {
                name = model.Name,
                version,
                now,
                runId = model.RunId?.Value,
                description = model.Description,
                dataHash = model.DataHash,
                notebookHash = model.NotebookHash,
                metrics = RegistryJson.Write(model.Metrics),
                parameters = RegistryJson.Write(model.Parameters),
                environment = RegistryJson.Write(model.Environment ?? EnvironmentSnapshot.Capture()),
                key = model.IdempotencyKey,
            },
            transaction);
        await connection.ExecuteAsync(
            "insert into model_version_files (name, version, path, artifact_id, size_bytes) values (@name, @version, @path, @artifact, @size)",
            files.Select(file => new { name = model.Name, version, path = file.Path, artifact = file.ArtifactId.Value, size = file.SizeBytes }),
            transaction);
        await connection.ExecuteAsync(
            "insert into model_version_tags (name, version, key, value) values (@name, @version, @key, @value)",
            model.Tags.Select(tag => new { name = model.Name, version, key = tag.Key, value = tag.Value }),
            transaction);
        return version;
    }

    private static async Task RequireVersionAsync(DbConnection connection, string name, int version)
    {
        await RequireModelAsync(connection, name);
        var known = (await connection.QueryAsync<long>(
            "select version from model_versions where name = @name order by version desc", new { name })).AsList();
        if (!known.Contains(version))
            throw new RegistryException($"Model '{name}' has no version {version}. Known, newest first: {string.Join(", ", known.Take(20))}.");
    }

    private static async Task<IReadOnlyList<ModelVersion>> LoadVersionsAsync(DbConnection connection, string name, int? version)
    {
        var filter = version is null ? "where name = @name" : "where name = @name and version = @version";
        var key = new { name, version };
        var rows = await connection.QueryAsync<VersionRow>($"select {VersionColumns} from model_versions {filter} order by version", key);
        var files = (await connection.QueryAsync<FileRow>(
            $"select version as Version, path as Path, artifact_id as ArtifactId, size_bytes as SizeBytes from model_version_files {filter} order by path",
            key)).ToLookup(file => file.Version);
        var tags = (await connection.QueryAsync<VersionTagRow>(
            $"select version as Version, key as Key, value as Value from model_version_tags {filter} order by key", key)).ToLookup(tag => tag.Version);
        var aliases = (await connection.QueryAsync<AliasRow>(
            $"select name as Name, alias as Alias, version as Version from model_aliases {filter} order by alias", key)).ToLookup(alias => alias.Version);
        return [.. rows.Select(row => row.ToVersion(files[row.Version], tags[row.Version], aliases[row.Version]))];
    }

    private sealed record ModelRow
    {
        public string Name { get; init; } = "";
        public long CreatedAt { get; init; }
        public long LastVersion { get; init; }
    }

    private sealed record FileRow
    {
        public long Version { get; init; }
        public string Path { get; init; } = "";
        public string ArtifactId { get; init; } = "";
        public long SizeBytes { get; init; }
    }

    private sealed record VersionTagRow
    {
        public long Version { get; init; }
        public string Key { get; init; } = "";
        public string Value { get; init; } = "";
    }

    private sealed record AliasRow
    {
        public string Name { get; init; } = "";
        public string Alias { get; init; } = "";
        public long Version { get; init; }
    }

    private sealed record VersionRow
    {
        public string Name { get; init; } = "";
        public long Version { get; init; }
        public long CreatedAt { get; init; }
        public string? RunId { get; init; }
        public string? Description { get; init; }
        public string DataHash { get; init; } = "";
        public string? NotebookHash { get; init; }
        public string Metrics { get; init; } = "";
        public string Parameters { get; init; } = "";
        public string Environment { get; init; } = "";

        public ModelVersion ToVersion(IEnumerable<FileRow> files, IEnumerable<VersionTagRow> tags, IEnumerable<AliasRow> aliases) => new()
        {
            Name = Name,
            Version = (int)Version,
            CreatedAt = RegistryTime.From(CreatedAt),
            Files = [.. files.Select(file => new ArtifactFile(file.Path, new ArtifactId(file.ArtifactId), file.SizeBytes))],
            Metrics = RegistryJson.Read<Dictionary<string, double>>(Metrics),
            Parameters = RegistryJson.Read<Dictionary<string, string>>(Parameters),
            DataHash = DataHash,
            NotebookHash = NotebookHash,
            Environment = RegistryJson.Read<EnvironmentSnapshot>(Environment),
            RunId = RunId is null ? null : new RunId(RunId),
            Tags = tags.ToDictionary(tag => tag.Key, tag => tag.Value),
            Description = Description,
            Aliases = [.. aliases.Select(alias => alias.Alias)],
        };
    }
}
