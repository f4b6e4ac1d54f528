using Workbench.Data;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Data;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteAllText_ExistingFile_IsReplacedAndNothingIsLeftOver()
    {
        string path = Path.Combine(_folder.Path, "new", "a.txt");
        AtomicFile.WriteAllText(path, "one");
        AtomicFile.WriteAllText(path, "zwölf");
        Assert.Equal("zwölf"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Write_WriterFails_OldContentStays()
    {
        string path = _folder.Write("a.txt", "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new InvalidDataException("the writer gave up");
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void WriteAllText_FolderIsAFile_SaysWhichPath()
    {
        string file = _folder.Write("a.txt", "old");
        var failure = Assert.Throws<DataException>(() => AtomicFile.WriteAllText(Path.Combine(file, "b.txt"), "x"));
        Assert.Contains(Path.Combine(file, "b.txt"), failure.Message);
    }

    [Fact]
    public void Write_FullDisk_KeepsOldContentAndSaysWhatToDo()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full, the disk that is always full, exists on Linux only.");
        string path = _folder.Write("a.txt", "old");
        var failure = Assert.Throws<DataException>(() => AtomicFile.Write(path, _ =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write("x"u8);
        }));
        Assert.Contains("No space left", failure.Message);
        Assert.Contains("Free some space", failure.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }
}
