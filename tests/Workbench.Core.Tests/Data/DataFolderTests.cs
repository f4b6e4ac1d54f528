using Workbench.Data;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void EnsureWritable_NewFolder_IsMadeAndLeftEmpty()
    {
        string path = Path.Combine(_folder.Path, "a", "b");
        Assert.Equal(path, new DataFolder(path).EnsureWritable().Path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
    }

    [Fact]
    public void EnsureWritable_ReadOnlyPlace_SaysWhichAndWhatToDo()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc, which not even root can write to, exists on Linux only.");
        var failure = Assert.Throws<DataException>(() => new DataFolder("/proc/workbench").EnsureWritable());
        Assert.Equal("/proc/workbench", failure.Origin);
        Assert.Contains("--data", failure.Message);
    }
}
