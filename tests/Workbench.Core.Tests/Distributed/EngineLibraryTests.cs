using System.Runtime.InteropServices;
using Workbench.Distributed;
using Workbench.Distributed.Mpi;
using Workbench.Distributed.Nccl;

namespace Workbench.Core.Tests.Distributed;

public class EngineLibraryTests
{
    private const string Mpich = "libmpich.so.12";

    // The words of Open MPI 4.1.4 as Debian builds it, and of 5.0.
    [Theory]
    [InlineData("Open MPI v4.1.4, package: Debian OpenMPI, ident: 4.1.4, repo rev: v4.1.4, May 26, 2022", "Open MPI 4.1.4")]
    [InlineData("Open MPI v5.0.0rc12, package: Open MPI x, ident: 5.0.0rc12", "Open MPI 5.0.0rc12")]
    public void CheckedVersion_OpenMpi_NameAndVersion(string words, string expected) =>
        Assert.Equal(expected, MpiLibrary.CheckedVersion(words, "libmpi.so.40"));

    [Theory]
    [InlineData("Open MPI v3.1.6, package: Open MPI", "Open MPI v3.1.6, package: Open MPI")]
    [InlineData("Intel(R) MPI Library 2021.9 for Linux* OS\n", "Intel(R) MPI Library 2021.9 for Linux* OS")]
    public void CheckedVersion_Another_RefusedByItsName(string words, string name)
    {
        var refusal = Assert.Throws<DistributedException>(() => MpiLibrary.CheckedVersion(words, "libmpi.so.12"));

        Assert.Equal($"'libmpi.so.12' is '{name}', whose binary interface is not the one of Open MPI 4 and 5. Install Open MPI on every host: apt-get install openmpi-bin.", refusal.Message);
    }

    [Fact]
    public void Load_Mpich_RefusedByItsName()
    {
        if (!NativeLibrary.TryLoad(Mpich, out _))
            Assert.Skip("MPICH's library is not installed: Debian's package is libmpich12.");

        var refusal = Assert.Throws<DistributedException>(() => MpiLibrary.Load([Mpich]));

        Assert.StartsWith($"'{Mpich}' is 'MPICH Version:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LibraryWithoutMpi_Refused()
    {
        var refusal = Assert.Throws<DistributedException>(() => MpiLibrary.Load(["libc.so.6"]));

        Assert.Equal("'libc.so.6' is no MPI: it has no function MPI_Get_library_version. Install Open MPI on every host: apt-get install openmpi-bin.", refusal.Message);
    }

    [Fact]
    public void Load_NoLibrary_NamesThePackage()
    {
        var refusal = Assert.Throws<DistributedException>(() => MpiLibrary.Load(["libmpi-is-not-there.so.1"]));

        Assert.StartsWith("No MPI could be loaded. Install Open MPI on every host: apt-get install openmpi-bin. The loader said: libmpi-is-not-there.so.1: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nccl_NotThere_NamesPackageAndVariable()
    {
        var refusal = Assert.Throws<DistributedException>(() => NcclLibrary.Load("libc.so.6"));

        Assert.StartsWith("NCCL is not there ('libc.so.6' of NCCL_LIBRARY is not it). Install it from NVIDIA's packages: apt-get install libnccl2", refusal.Message, StringComparison.Ordinal);
        Assert.False(NcclLibrary.IsThere("libnccl-is-not-there.so.2"));
    }

    [Fact]
    public void Join_UnknownBackend_ListsTheKnown()
    {
        var refusal = Assert.Throws<ArgumentOutOfRangeException>(() => Collective.Join((CollectiveBackend)9));

        Assert.Contains("Known: Auto, Mpi, Nccl.", refusal.Message, StringComparison.Ordinal);
    }
}
