using System.IO.Compression;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Tests.Kernel.Packages;

public sealed class PackageSessionTests : IDisposable
{
    private readonly TestFiles _files = new();
    private readonly List<string> _lines = [];

    public PackageSessionTests() => File.WriteAllText(_files.At("NuGet.config"), """
        <configuration><packageSources><clear /></packageSources></configuration>
        """); // offline: only the sources that a test names

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Restore_FromAFolder_LoadsThePackageAndRemembersIt()
    {
        var name = "Wb" + Guid.NewGuid().ToString("N");
        Pack(name, "1.0.0", extension: true);
        Pack(name, "2.0.0", extension: false);
        using var session = Session();

        var references = session.Restore([new(name, "[1.0.0]")], [_files.Folder], _lines.Add, CancellationToken.None).Compile;

        Assert.Equal(name + ".dll", Path.GetFileName(Assert.Single(references)));
        Assert.Equal("hello", Assembly.Load(name).GetType("Greeting")!.GetMethod("Say")!.Invoke(null, null));
        Assert.Contains($"Installed {name} 1.0.0.", _lines);
        Assert.Contains(_lines, line => line.Contains("extension for .NET Interactive was skipped", StringComparison.Ordinal));
        Assert.Empty(session.Restore([new(name, null)], [], _lines.Add, CancellationToken.None).Compile);
        var failure = Assert.Throws<PackageException>(() => session.Restore([new(name, "2.0.0")], [], _lines.Add, CancellationToken.None));
        Assert.Contains($"{name} 2.0.0 was asked for, and 1.0.0 is loaded already", failure.Message, StringComparison.Ordinal);
        using var later = Session();
        Assert.Single(later.Restore([new(name, "[1.0.0]")], [_files.Folder], _lines.Add, CancellationToken.None).Compile); // from the cache
    }

    [Fact]
    public void Restore_CarriedPackage_UsesTheKernelsOwn()
    {
        using var session = Session();

        Assert.Empty(session.Restore([new("TorchSharp-cpu", "0.105.0"), new("Newtonsoft.Json", null)], [], _lines.Add, CancellationToken.None).Compile);
        Assert.StartsWith("TorchSharp-cpu 0.107.0 is part of this kernel (asked for: 0.105.0)", _lines[0], StringComparison.Ordinal);
        Assert.Contains("is part of this kernel", Assert.Throws<PackageException>(() => session.Restore([new("TorchSharp", "[0.99.0]")], [], _lines.Add, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_UnknownPackage_ShowsNuGetsError()
    {
        using var session = Session();

        var failure = Assert.Throws<PackageException>(() => session.Restore([new("Wb.Does.Not.Exist", "1.0.0")], [_files.Folder], _lines.Add, CancellationToken.None));
        Assert.Contains("NU1101", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weaken_TorchLibrary_ChangesOneByte()
    {
        var path = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages/torchsharp/0.107.0/runtimes/linux-x64/native/libLibTorchSharp.so");
        Assert.SkipUnless(File.Exists(path), "The packaged TorchSharp is not in the package folder.");
        var original = File.ReadAllBytes(path);
        var patched = ElfVersionNeed.Weaken(original, ElfVersionNeed.NewestOfDebian12);

        Assert.Equal(1, original.Zip(patched).Count(pair => pair.First != pair.Second));
    }

    private PackageSession Session() => new(_files.Folder, _files.At("cache"));

    private void Pack(string name, string version, bool extension)
    {
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText("public static class Greeting { public static string Say() => \"hello\"; }")],
            [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)], new(OutputKind.DynamicallyLinkedLibrary));
        using var library = new MemoryStream();
        Assert.True(compilation.Emit(library).Success);
        using var package = ZipFile.Open(_files.At($"{name}.{version}.nupkg"), ZipArchiveMode.Create);
        Write(package, $"{name}.nuspec", System.Text.Encoding.UTF8.GetBytes($"<package><metadata><id>{name}</id><version>{version}</version><authors>t</authors><description>d</description></metadata></package>"));
        Write(package, $"lib/net8.0/{name}.dll", library.ToArray());
        if (extension)
            Write(package, "interactive-extensions/dotnet/extension.dib", [1]);
    }

    private static void Write(ZipArchive package, string name, byte[] content)
    {
        using var stream = package.CreateEntry(name).Open();
        stream.Write(content);
    }
}
