namespace Workbench.Host.Tests;

/// <summary>The launcher of jobs of several ranks.</summary>
internal static class OpenMpi
{
    public static void SkipWhereAbsent() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "mpirun"))), "mpirun is not installed: Debian's package is openmpi-bin.");
}
