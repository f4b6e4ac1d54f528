using System.Security.Cryptography;
using System.Text.Json;
using Workbench.Data;

namespace Workbench.Registry;

/// <summary>
/// Files kept under the hash of their bytes, <c>artifacts/ab/cdef...</c>: the same bytes are stored once, and a byte that
/// changed later is noticed when the file is read. Thread-safe; several processes may write at once.
/// </summary>
public sealed class ArtifactStore(DataFolder folder)
{
    private const int BufferBytes = 128 * 1024;
    private static readonly JsonSerializerOptions ManifestJson = new(JsonSerializerDefaults.Web);

    /// <summary>Stores a copy of <paramref name="file"/> and returns its address. It is on disk when this returns.</summary>
    /// <exception cref="RegistryException">The file does not exist, or the store cannot be written.</exception>
    public async Task<ArtifactId> PutAsync(string file, CancellationToken cancellationToken = default)
    {
        if (!File.Exists(file))
            throw new RegistryException($"The file '{file}' does not exist. Write it before it is stored.");
        await using var source = File.OpenRead(file);
        return await PutAsync(source, cancellationToken);
    }

    /// <summary>Stores <paramref name="bytes"/> and returns their address.</summary>
    /// <exception cref="RegistryException">The store cannot be written.</exception>
    public async Task<ArtifactId> PutBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        using var source = new MemoryStream(bytes.ToArray(), writable: false);
        return await PutAsync(source, cancellationToken);
    }

    /// <summary>
    /// Stores every file of <paramref name="folderPath"/> and below, and a JSON manifest of them, whose address is returned.
    /// The same folder content gives the same address.
    /// </summary>
    /// <exception cref="RegistryException">The folder does not exist, or the store cannot be written.</exception>
    public async Task<ArtifactId> PutFolderAsync(string folderPath, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(folderPath))
            throw new RegistryException($"The folder '{folderPath}' does not exist. Write it before it is stored.");
        var entries = new List<ManifestEntry>();
        foreach (var file in ArtifactPaths.FilesBelow(folderPath))
            entries.Add(new(file.Key, (await PutAsync(file.Value, cancellationToken)).Value, new FileInfo(file.Value).Length));
        return await PutBytesAsync(JsonSerializer.SerializeToUtf8Bytes(new Manifest(entries), ManifestJson), cancellationToken);
    }

    /// <summary>Opens a stored file after its bytes were checked against <paramref name="id"/>; the caller disposes the stream.</summary>
    /// <exception cref="RegistryException">The file is missing, or a byte of it was changed.</exception>
    public Stream OpenVerified(ArtifactId id)
    {
        var stream = OpenExisting(id);
        try
        {
            var actual = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (actual != id.Value)
                throw new RegistryException(
                    $"The artifact '{PathOf(id)}' is damaged: its SHA-256 is {actual}, and should be {id}. Restore the file from a backup or register the model again.");
            stream.Position = 0;
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The bytes of a stored file, checked against <paramref name="id"/>.</summary>
    /// <exception cref="RegistryException">The file is missing, or a byte of it was changed.</exception>
    public async Task<byte[]> ReadVerifiedAsync(ArtifactId id, CancellationToken cancellationToken = default)
    {
        await using var stream = OpenVerified(id);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Writes a stored file, checked, to the path <paramref name="destination"/>, whose folder is created.</summary>
    /// <exception cref="RegistryException">The file is missing, or a byte of it was changed; nothing is written then.</exception>
    public async Task MaterialiseAsync(ArtifactId id, string destination, CancellationToken cancellationToken = default)
    {
        await using var source = OpenVerified(id);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(destination)) ?? ".");
        await using var target = File.Create(destination);
        await source.CopyToAsync(target, cancellationToken);
    }

    /// <summary>Writes the files of a folder stored by <see cref="PutFolderAsync"/>, checked, below <paramref name="destination"/>.</summary>
    /// <returns>The files, in the order of their paths.</returns>
    /// <exception cref="RegistryException">The artifact is no folder, a file is missing or was changed.</exception>
    public async Task<IReadOnlyList<ArtifactFile>> MaterialiseFolderAsync(
        ArtifactId id, string destination, CancellationToken cancellationToken = default)
    {
        var files = await ReadManifestAsync(id, cancellationToken);
        await MaterialiseAsync(files, destination, cancellationToken);
        return files;
    }

    internal async Task MaterialiseAsync(IReadOnlyList<ArtifactFile> files, string destination, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(destination);
        foreach (var file in files)
            await MaterialiseAsync(file.ArtifactId, ArtifactPaths.Inside(destination, file.Path), cancellationToken);
    }

    /// <summary>Where the bytes of <paramref name="id"/> lie.</summary>
    public string PathOf(ArtifactId id) => Path.Combine(folder.Artifacts, id.Value[..2], id.Value[2..]);

    private async Task<IReadOnlyList<ArtifactFile>> ReadManifestAsync(ArtifactId id, CancellationToken cancellationToken)
    {
        var bytes = await ReadVerifiedAsync(id, cancellationToken);
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(bytes, ManifestJson);
            if (manifest?.Files is { } entries)
                return [.. entries.Select(entry => new ArtifactFile(entry.Path, new ArtifactId(entry.Artifact), entry.SizeBytes))];
        }
        catch (JsonException failure)
        {
            throw new RegistryException($"The artifact {id} is no stored folder: {failure.Message} Read it as a file.", failure);
        }
        throw new RegistryException($"The artifact {id} is no stored folder: it has no list of files. Read it as a file.");
    }

    private async Task<ArtifactId> PutAsync(Stream source, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(folder.Artifacts, $".tmp-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder.Artifacts);
            var id = await CopyHashedAsync(source, temporary, cancellationToken);
            Directory.CreateDirectory(Path.GetDirectoryName(PathOf(id)) ?? folder.Artifacts);
            // Overwriting puts good bytes over a damaged copy.
            File.Move(temporary, PathOf(id), overwrite: true);
            return id;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RegistryException(
                $"Cannot store a file in '{folder.Artifacts}': {failure.Message} Free some space, make the folder writable, or name another data folder with --data.",
                failure);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private static async Task<ArtifactId> CopyHashedAsync(Stream source, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var target = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, BufferBytes);
        var buffer = new byte[BufferBytes];
        for (int count; (count = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, count);
            await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
        target.Flush(flushToDisk: true);
        return new ArtifactId(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private FileStream OpenExisting(ArtifactId id)
    {
        try
        {
            return File.OpenRead(PathOf(id));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new RegistryException(
                $"The artifact '{PathOf(id)}' is missing. Restore the file from a backup or register the model again.", failure);
        }
    }

    private sealed record Manifest(IReadOnlyList<ManifestEntry> Files);

    private sealed record ManifestEntry(string Path, string Artifact, long SizeBytes);
}
