using System.Text;
using Workbench.Registry;

namespace Workbench.Core.Tests.Registry;

public sealed class ArtifactStoreTests : IDisposable
{
    // SHA-256 of "abc", NIST FIPS 180-4 example.
    private const string HashOfAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private readonly TemporaryFolder _folder = new();
    private readonly ArtifactStore _store;

    public ArtifactStoreTests() => _store = new ArtifactStore(_folder.Data);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PutAsync_File_LiesUnderItsSha256()
    {
        var id = await _store.PutAsync(_folder.Write("model.bin", "abc"));
        Assert.Equal(HashOfAbc, id.Value);
        Assert.Equal(Path.Combine(_folder.Data.Artifacts, "ba", HashOfAbc[2..]), _store.PathOf(id));
        Assert.Equal("abc", Encoding.UTF8.GetString(await _store.ReadVerifiedAsync(id)));
        Assert.Single(Directory.GetFiles(_folder.Data.Artifacts, "*", SearchOption.AllDirectories)); // no temporary file is left
    }

    [Fact]
    public async Task OpenVerified_OneBitChanged_Refuses()
    {
        var id = await _store.PutBytesAsync("abc"u8.ToArray());
        var bytes = await File.ReadAllBytesAsync(_store.PathOf(id));
        bytes[1] ^= 1;
        await File.WriteAllBytesAsync(_store.PathOf(id), bytes);
        var failure = Assert.Throws<RegistryException>(() => _store.OpenVerified(id));
        Assert.Contains("is damaged", failure.Message);
        Assert.Contains(HashOfAbc, failure.Message);
    }

    [Fact]
    public async Task PutAsync_OverDamagedCopy_Repairs()
    {
        var id = await _store.PutBytesAsync("abc"u8.ToArray());
        await File.WriteAllTextAsync(_store.PathOf(id), "abd");
        await _store.PutBytesAsync("abc"u8.ToArray());
        Assert.Equal("abc"u8.ToArray(), await _store.ReadVerifiedAsync(id));
    }

    [Fact]
    public async Task PutFolderAsync_ThenMaterialise_GivesTheSameFiles()
    {
        _folder.Write("in/a.txt", "first");
        _folder.Write("in/deep/b.txt", "second");
        var id = await _store.PutFolderAsync(Path.Combine(_folder.Path, "in"));
        var files = await _store.MaterialiseFolderAsync(id, Path.Combine(_folder.Path, "out"));
        Assert.Equal(["a.txt", "deep/b.txt"], files.Select(file => file.Path));
        Assert.Equal("second", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "out", "deep", "b.txt")));
        Assert.Equal(id, await _store.PutFolderAsync(Path.Combine(_folder.Path, "out")));
    }

    [Fact]
    public async Task MaterialiseFolderAsync_PathLeadsOut_Refuses()
    {
        var file = await _store.PutBytesAsync("abc"u8.ToArray());
        var manifest = $$"""{"files":[{"path":"../outside.txt","artifact":"{{file}}","sizeBytes":3}]}""";
        var id = await _store.PutBytesAsync(Encoding.UTF8.GetBytes(manifest));
        await Assert.ThrowsAsync<RegistryException>(() => _store.MaterialiseFolderAsync(id, Path.Combine(_folder.Path, "out")));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "outside.txt")));
    }

    [Fact]
    public async Task MaterialiseFolderAsync_FileInsteadOfFolder_SaysSo()
    {
        var id = await _store.PutBytesAsync("abc"u8.ToArray());
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _store.MaterialiseFolderAsync(id, Path.Combine(_folder.Path, "out")));
        Assert.Contains("is no stored folder", failure.Message);
    }

    [Fact]
    public async Task PutAsync_MissingFile_NamesIt()
    {
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _store.PutAsync("/nowhere/model.onnx"));
        Assert.Contains("/nowhere/model.onnx", failure.Message);
    }

    [Fact]
    public void OpenVerified_Unknown_SaysMissing() =>
        Assert.Contains("is missing", Assert.Throws<RegistryException>(() => _store.OpenVerified(new ArtifactId(HashOfAbc))).Message);

    [Fact]
    public async Task PutBytesAsync_FolderCannotBeMade_SaysWhatToDo()
    {
        File.WriteAllText(_folder.Data.Artifacts, "a file where the folder should be");
        var failure = await Assert.ThrowsAsync<RegistryException>(() => _store.PutBytesAsync("abc"u8.ToArray()));
        Assert.Contains("make the folder writable", failure.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc/passwd")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public void ArtifactId_NoHash_Throws(string value) => Assert.Throws<ArgumentException>(() => new ArtifactId(value));
}
