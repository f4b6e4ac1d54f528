using System.Security.Cryptography;
using System.Text;

namespace Workbench.Host.Jobs;

/// <summary>
/// What a job goes on from until it has succeeded: its key and its checkpoints, in <c>jobs/NAME</c> of the data folder. One process has
/// it at a time.
/// </summary>
internal sealed class JobFolder : IDisposable
{
    private readonly FileStream _held;

    private JobFolder(string path, string? key, FileStream held) => (Path, Key, _held) = (path, key ?? KeptKey(path), held);

    public string Path { get; }

    /// <summary>Names the job in the registry: the same in all its attempts, and when it is gone on with after its supervisor died.</summary>
    public string Key { get; }

    public string Checkpoints => System.IO.Path.Combine(Path, "checkpoints");

    /// <summary>Whether there is something to go on from.</summary>
    public bool HasCheckpoints => Directory.Exists(Checkpoints) && Directory.EnumerateFileSystemEntries(Checkpoints).Any();

    /// <summary>The job's folder, made where there is none.</summary>
    /// <param name="data">Data folder.</param>
    /// <param name="identity">What makes it this job and no other.</param>
    /// <param name="key">The job's key; null for one of the folder's own.</param>
    /// <exception cref="CommandException">Another process has it.</exception>
    public static JobFolder Open(string data, string identity, string? key = null)
    {
        string path = System.IO.Path.Combine(data, "jobs", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16]);
        Directory.CreateDirectory(path);
        try
        {
            return new(path, key, new(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException failure)
        {
            throw new CommandException($"Another process works on this job, in '{path}': {failure.Message} Wait until it has ended, or end it.");
        }
    }

    /// <summary>The job has succeeded, or there is nothing to go on from.</summary>
    public void Delete()
    {
        Dispose();
        Directory.Delete(Path, recursive: true);
    }

    public void Dispose() => _held.Dispose();

    private static string KeptKey(string path)
    {
        string file = System.IO.Path.Combine(path, "key");
        if (File.Exists(file) && File.ReadAllText(file) is { Length: > 0 } kept)
            return kept;
        string key = $"job {Guid.NewGuid():N}";
        File.WriteAllText(file, key);
        return key;
    }
}
