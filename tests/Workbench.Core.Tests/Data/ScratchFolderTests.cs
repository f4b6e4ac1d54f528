using System.Diagnostics;
using Workbench.Data;

namespace Workbench.Core.Tests.Data;

public sealed class ScratchFolderTests : IDisposable
{
    private readonly string _place = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_place, recursive: true);

    [Fact]
    public void Dispose_WithFiles_TakesThemAway()
    {
        string path;
        using (var folder = new ScratchFolder())
        {
            path = folder.Path;
            File.WriteAllText(Path.Combine(path, "file"), "content");
            Assert.StartsWith(ScratchFolder.OfProcess, path);
        }
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public async Task Sweep_OfAKilledProcess_TakesItsFoldersAway()
    {
        using var sleeper = Process.Start("sleep", "60");
        var folder = Leave($"{Environment.MachineName}\n{sleeper.Id}\n");
        ScratchFolder.Sweep(_place, DateTime.UtcNow.AddMinutes(2));
        Assert.True(Directory.Exists(folder)); // its process lives
        sleeper.Kill();
        await sleeper.WaitForExitAsync(TestContext.Current.CancellationToken);
        ScratchFolder.Sweep(_place, DateTime.UtcNow);
        Assert.True(Directory.Exists(folder)); // too young
        ScratchFolder.Sweep(_place, DateTime.UtcNow.AddMinutes(2));
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("another machine\n999999999\n")]
    [InlineData("")]
    [InlineData(null)]
    public void Sweep_OwnerUnknown_LeavesIt(string? owner)
    {
        var folder = Leave(owner);
        ScratchFolder.Sweep(_place, DateTime.UtcNow.AddMinutes(2));
        Assert.True(Directory.Exists(folder));
    }

    [Fact]
    public void Sweep_OwnerLocked_LeavesIt()
    {
        var folder = Leave($"{Environment.MachineName}\n999999999\n");
        using (new FileStream(Path.Combine(folder, "owner"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            ScratchFolder.Sweep(_place, DateTime.UtcNow.AddMinutes(2));
        Assert.True(Directory.Exists(folder));
    }

    private string Leave(string? owner)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_place, $"workbench-process-{Guid.NewGuid():N}")).FullName;
        File.WriteAllText(Path.Combine(folder, "spilled"), "rows");
        if (owner is not null)
            File.WriteAllText(Path.Combine(folder, "owner"), owner);
        return folder;
    }
}
