using Workbench.Data;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Data;

public sealed class DataSnapshotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void HashFile_KnownContent_IsWhatSha256sumPrints() =>
        Assert.Equal("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", DataSnapshot.HashFile(_folder.Write("a.txt", "hello")));

    /// <summary>Expected: Python's hashlib over the two lines that <c>sha256sum a.txt b.txt</c> prints.</summary>
    [Fact]
    public void Hash_TwoFiles_DoesNotDependOnOrderOrFolder()
    {
        const string expected = "sha256:087fc60cfa1eebcdcd2cd58fb861b31ef3e2cb6c49ae111320363ceec50bc7bc";
        string a = _folder.Write("a.txt", "hello"), b = _folder.Write("b.txt", "world");
        Assert.Equal(expected, DataSnapshot.Hash([a, b]));
        Assert.Equal(expected, DataSnapshot.Hash([_folder.Write("moved/b.txt", "world"), a]));
    }

    [Fact]
    public void Hash_OneChangedByteOrName_Differs()
    {
        string[] hashes = [.. new[] { _folder.Write("a.txt", "hello"), _folder.Write("1/a.txt", "hellO"), _folder.Write("c.txt", "hello") }.Select(file => DataSnapshot.Hash([file]))];
        Assert.Equal(3, hashes.Distinct().Count());
    }

    [Fact]
    public void Hash_MissingFileOrNone_IsRefused()
    {
        string missing = Path.Combine(_folder.Path, "none.csv");
        Assert.Contains(missing, Assert.Throws<DataException>(() => DataSnapshot.Hash([missing])).Message);
        Assert.Throws<DataException>(() => DataSnapshot.Hash([]));
    }
}
