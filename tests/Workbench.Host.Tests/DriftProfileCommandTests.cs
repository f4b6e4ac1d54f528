using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Host.Tests;

/// <summary><c>workbench drift profile</c> as a user types it, in processes of its own.</summary>
public sealed class DriftProfileCommandTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task Profile_ShardsOfSeveralProcesses_MergeIntoTheWhole()
    {
        using (var session = DuckSession.Open())
            for (int file = 0; file < 3; file++)
                session.Execute($"COPY (SELECT sin(i) AS x, i % 5 AS n, 'v' || (i % 40) AS plan FROM range({file * 20_000}, {file * 20_000 + 20_000}) t(i)) TO '{_folder}/part{file}.parquet' (FORMAT parquet)");

        var shards = await Task.WhenAll(Enumerable.Range(1, 2).Select(shard => RunAsync("profile", "part*.parquet", "--shard", $"{shard}/2", "--out", $"{shard}.wbprofile")));
        Assert.All(shards, shard => Assert.True(shard.Code == ExitCode.Done, shard.Error));
        Assert.Contains("40,000 rows, 3 columns (2 exactly): 1.wbprofile", shards[0].Output);
        var merge = await RunAsync("profile", "--merge", "1.wbprofile", "2.wbprofile", "--out", "all.wbprofile");
        Assert.True(merge.Code == ExitCode.Done, merge.Error);

        var whole = DriftProfile.Build(Path.Combine(_folder, "part*.parquet"));
        var merged = DriftProfile.Load(Path.Combine(_folder, "all.wbprofile"));
        Assert.Equal(60_000, merged.Rows);
        Assert.Equal(whole.Columns.Select(column => (column.Name, column.Type, column.Kind, column.IsExact)), merged.Columns.Select(column => (column.Name, column.Type, column.Kind, column.IsExact)));
        // The same reference to whoever compares with it: 0 is no difference at all.
        var report = DriftReport.Compare(DriftSource.Profile(whole), DriftSource.Profile(merged));
        Assert.Equal(["x", "n", "plan"], report.Columns.Select(column => column.Column));
        Assert.All(report.Columns.SelectMany(column => column.Tests), test => Assert.Equal(0, test.Statistic, 1e-3));
        Assert.All(report.Columns.SelectMany(column => column.Bins!.ReferenceShares.Zip(column.Bins.CurrentShares)), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData("--shard takes a part of data", "--merge", "a.wbprofile", "--shard", "1/2", "--out", "b")]
    [InlineData("'3/2' is no part. Write I/N", "data.parquet", "--shard", "3/2", "--out", "b")]
    [InlineData("Give either data to profile or --merge", "--out", "b")]
    public async Task Profile_WrongUse_SaysWhatIsAllowed(string expected, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(["profile", .. arguments]);
        Assert.Equal(ExitCode.WrongUse, code);
        Assert.Contains(expected, error);
    }

    private Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => WorkbenchProcess.RunAsync(_folder, Limit, ["drift", .. arguments]);
}
