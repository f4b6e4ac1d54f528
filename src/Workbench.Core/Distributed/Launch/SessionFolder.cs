using Workbench.Data;

namespace Workbench.Distributed.Launch;

/// <summary>
/// The folder of one attempt's ranks on this host for Open MPI's files: what its launcher keeps, and the memory that ranks share.
/// Open MPI takes them away itself unless it is killed. With other hosts there is none: Open MPI would want the same path there.
/// </summary>
internal sealed class SessionFolder : IDisposable
{
    private const string Memory = "/dev/shm";   // where Open MPI's Linux default puts shared memory; on a disk every message would be written

    private readonly ScratchFolder _folder;

    private SessionFolder(ScratchFolder folder) => _folder = folder;

    public string Path => _folder.Path;

    /// <summary>What tells Open MPI, through mpirun's environment.</summary>
    public IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string>
    {
        ["OMPI_MCA_orte_tmpdir_base"] = Path,
        ["OMPI_MCA_btl_vader_backing_directory"] = Path,   // Open MPI 4
        ["OMPI_MCA_btl_sm_backing_directory"] = Path,      // Open MPI 5
    };

    /// <exception cref="DistributedException">This is no Linux.</exception>
    public static SessionFolder Create()
    {
        if (OperatingSystem.IsWindows())
            throw new DistributedException("Ranks over Open MPI run on Linux. Train in one process here, or on a Linux host.");
        return new(Directory.Exists(Memory) ? new(Memory) : new());
    }

    /// <summary>Takes it away, unless that has happened. When no process uses it any more.</summary>
    public void Dispose() => _folder.Dispose();
}
