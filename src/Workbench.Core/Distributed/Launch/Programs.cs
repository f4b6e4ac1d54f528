namespace Workbench.Distributed.Launch;

/// <summary>Finds the programs that a job needs.</summary>
internal static class Programs
{
    /// <summary>The name, not the path, of Open MPI's launcher: called by its path it looks for Open MPI in the same folder on every host.</summary>
    /// <exception cref="DistributedException">It is not installed.</exception>
    public static string Mpirun() => Find("mpirun", null) is not null ? "mpirun" : throw new DistributedException(
        "mpirun is not on the PATH; several ranks need Open MPI. On Debian and Ubuntu: apt-get install openmpi-bin.");

    /// <exception cref="DistributedException">It is not installed, or this is no Linux.</exception>
    public static string SetSid() => !OperatingSystem.IsLinux()
        ? throw new DistributedException("Jobs of several ranks run on Linux only; run one process here.")
        : Find("setsid", null) ?? throw new DistributedException("setsid is not on the PATH; apt-get install util-linux.");

    /// <exception cref="DistributedException">There is no such program here.</exception>
    public static void Require(string program, string? workingFolder)
    {
        if (Find(program, workingFolder) is null)
            throw new DistributedException($"The program '{program}' was not found; name an installed program, or the path of one.");
    }

    /// <summary>The path of a program; null when there is none.</summary>
    private static string? Find(string program, string? workingFolder) =>
        program.Contains('/')
            ? Existing(Path.Combine(workingFolder ?? Environment.CurrentDirectory, program))
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Existing(Path.Combine(folder, program))).FirstOrDefault(path => path is not null);

    private static string? Existing(string path) => File.Exists(path) ? path : null;
}
