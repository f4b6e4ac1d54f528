using System.Reflection;
using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Tests.Kernel.Packages;

public sealed class RegistryTests : IDisposable
{
    private readonly TestFiles _files = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Restore_FromTheRegistry_LoadsThePackage()
    {
        using var session = new PackageSession(_files.Folder, _files.At("cache"));
        try
        {
            session.Restore([new("Bogus", "35.*")], [], _lines.Add, CancellationToken.None);
        }
        catch (PackageException failure) when (failure.Message.Contains("NU1301", StringComparison.Ordinal) || failure.Message.Contains("NU1102", StringComparison.Ordinal))
        {
            Assert.Skip($"The package registry is not there: {failure.Message}");
        }

        Assert.NotNull(Assembly.Load("Bogus").GetType("Bogus.Faker"));
    }
}
