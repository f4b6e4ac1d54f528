using System.Reflection;
using Microsoft.CodeAnalysis;
using Workbench.Notebooks.Kernel.CSharp;
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

        Restore(session, "Bogus", "35.*");

        Assert.NotNull(Assembly.Load("Bogus").GetType("Bogus.Faker"));
    }

    // The compiler's completion in this process brings Humanizer.Core 2.14.
    [Fact]
    public void Restore_NewerThanWhatTheKernelHasForItself_IsThereBesideIt()
    {
        using var session = new PackageSession(_files.Folder, _files.At("cache"));
        var code = new CSharpSession();

        var packages = Restore(session, "Humanizer.Core", "3.0.10");
        code.Bind(packages.Newer);
        var result = code.Run(
            "(Humanizer.InflectorExtensions.Pluralize(\"mouse\"), typeof(Humanizer.InflectorExtensions).Assembly.GetName().Version.Major)", "Cell[1]", CancellationToken.None,
            [.. packages.Compile.Select(path => MetadataReference.CreateFromFile(path))]);

        Assert.Equal(("mice", 3), result);
        Assert.Equal(2, Assembly.Load("Humanizer").GetName().Version?.Major);
    }

    [Fact]
    public void Restore_OlderThanWhatTheKernelHasForItself_SaysSo()
    {
        using var session = new PackageSession(_files.Folder, _files.At("cache"));

        var failure = Assert.Throws<PackageException>(() => Restore(session, "Humanizer.Core", "[2.8.26]"));

        Assert.Contains("2.14.1 is part of this kernel", failure.Message, StringComparison.Ordinal);
    }

    private PackageAssemblies Restore(PackageSession session, string id, string version)
    {
        try
        {
            return session.Restore([new(id, version)], [], _lines.Add, CancellationToken.None);
        }
        catch (PackageException failure) when (failure.Message.Contains("NU1301", StringComparison.Ordinal) || failure.Message.Contains("NU1102", StringComparison.Ordinal))
        {
            Assert.Skip($"The package registry is not there: {failure.Message}");
            throw;
        }
    }
}
