using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel;

namespace Workbench.Notebooks.Tests.Kernel;

public sealed class KernelSpecTests : IDisposable
{
    private readonly TestFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void Install_ThenUninstall_LeavesNothing()
    {
        var path = KernelSpec.Install(["/opt/workbench", "kernel", "run", "{connection_file}"], _files.Folder);
        var json = JsonNode.Parse(File.ReadAllText(path))!;

        Assert.Equal(_files.At(Path.Combine("workbench-csharp", "kernel.json")), path);
        Assert.Equal("message", json["interrupt_mode"]!.ToString());
        Assert.Equal("""["/opt/workbench","kernel","run","{connection_file}"]""", json["argv"]!.ToJsonString());
        Assert.True(KernelSpec.Uninstall(_files.Folder));
        Assert.False(KernelSpec.Uninstall(_files.Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_files.Folder));
    }

    [Fact]
    public void Install_WithoutConnectionFile_IsRefused() =>
        Assert.Contains("{connection_file}", Assert.Throws<ArgumentException>(() => KernelSpec.Install(["workbench", "kernel"], _files.Folder)).Message, StringComparison.Ordinal);
}
