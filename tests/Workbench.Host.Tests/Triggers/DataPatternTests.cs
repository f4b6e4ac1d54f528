using Workbench.Host.Triggers;

namespace Workbench.Host.Tests.Triggers;

public sealed class DataPatternTests
{
    private readonly string _project = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public DataPatternTests()
    {
        foreach (var file in (string[])["data/a.csv", "data/b.csv", "data/_c.csv", "data/.d.csv", "data/notes.txt", "data/dt=1/x.parquet", "data/dt=1/sub/y.parquet", "data/dt=1/_SUCCESS",
            "data/dt=2/x.parquet", "data/_temporary/x.parquet", "data/deep/er/z.csv"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_project, file))!);
            File.WriteAllText(Path.Combine(_project, file), file);
        }
        Directory.CreateDirectory(Path.Combine(_project, "data/dt=3"));
    }

    [Theory]
    [InlineData("data/a.csv", "data/a.csv")]
    [InlineData("./data/a.csv", "data/a.csv")]
    [InlineData("data/none.csv", "")]
    [InlineData("none/*.csv", "")]
    [InlineData("data/*.csv", "data/a.csv|data/b.csv")]
    [InlineData("data/_*.csv", "data/_c.csv")]
    [InlineData("data/?.csv", "data/a.csv|data/b.csv")]
    [InlineData("data/**/*.csv", "data/a.csv|data/b.csv|data/deep/er/z.csv")]
    [InlineData("data/dt=*/", "data/dt=1|data/dt=2")] // An empty folder is none yet.
    [InlineData("data/dt=*/x.parquet", "data/dt=1/x.parquet|data/dt=2/x.parquet")]
    [InlineData("data/dt=1", "data/dt=1")]
    public void Find_Pattern_GivesWhatMatches(string pattern, string expected) =>
        Assert.Equal(expected, string.Join('|', DataPattern.Find(_project, pattern).Select(unit => unit.Path)));

    [Fact]
    public void Find_Folder_IsOneUnitOfAllItsFilesButMarkers()
    {
        var unit = Assert.Single(DataPattern.Find(_project, "data/dt=1/"));
        Assert.Equal([("data/dt=1/x.parquet", 19L), ("data/dt=1/sub/y.parquet", 23L)], unit.Files.Select(file => (file.Path, file.SizeBytes)));
    }

    [Fact]
    public void Find_AbsolutePath_StaysAbsolute() =>
        Assert.Equal(Path.Combine(_project, "data/a.csv"), Assert.Single(DataPattern.Find("/somewhere/else", Path.Combine(_project, "data/a.*"))).Path);

    [Fact]
    public void Fingerprint_SizeOrTimeOrName_ChangesIt()
    {
        var prints = new HashSet<string> { Fingerprint() };
        Assert.Contains(Fingerprint(), prints);
        File.AppendAllText(Path.Combine(_project, "data/dt=1/x.parquet"), "more");
        Assert.True(prints.Add(Fingerprint()));
        File.SetLastWriteTimeUtc(Path.Combine(_project, "data/dt=1/x.parquet"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.True(prints.Add(Fingerprint()));
        File.Move(Path.Combine(_project, "data/dt=1/x.parquet"), Path.Combine(_project, "data/dt=1/z.parquet"));
        Assert.True(prints.Add(Fingerprint()));
    }

    private string Fingerprint() => DataPattern.Find(_project, "data/dt=1/")[0].Fingerprint;
}
