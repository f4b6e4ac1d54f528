using Workbench.Host.Jobs;

namespace Workbench.Host.Tests.Jobs;

public sealed class JobFolderTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Open_Again_HasTheSameKeyUntilItWasDeleted()
    {
        string key;
        using (var first = JobFolder.Open(_data, "train a"))
        {
            key = first.Key;
            Assert.False(first.HasCheckpoints);
            Directory.CreateDirectory(Path.Combine(first.Checkpoints, "step-1"));
            Assert.True(first.HasCheckpoints);
        }
        using (var again = JobFolder.Open(_data, "train a"))
        {
            Assert.Equal(key, again.Key);
            using var other = JobFolder.Open(_data, "train b");
            Assert.NotEqual(key, other.Key);
            again.Delete();
        }
        using var anew = JobFolder.Open(_data, "train a");
        Assert.NotEqual(key, anew.Key);
        Assert.False(anew.HasCheckpoints);
        using var named = JobFolder.Open(_data, "step", "step 1");
        Assert.Equal("step 1", named.Key);
    }

    [Fact]
    public void Open_WhileAnotherHasIt_IsRefused()
    {
        using var first = JobFolder.Open(_data, "train a");
        Assert.Contains("Another process works on this job", Assert.Throws<CommandException>(() => JobFolder.Open(_data, "train a")).Message);
    }
}
