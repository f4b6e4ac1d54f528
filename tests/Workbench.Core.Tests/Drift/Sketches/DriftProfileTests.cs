using System.Buffers.Binary;
using System.Security.Cryptography;
using Workbench.Data;
using Workbench.Drift;

namespace Workbench.Core.Tests.Drift.Sketches;

public sealed class DriftProfileTests : IDisposable
{
    private const string Columns = """
        i AS row_id, sin(i) * 1000 AS x, i % 7 AS small, if(i % 11 = 0, NULL, 'v' || (i * i) % 30) AS plan, i % 3 = 0 AS flag, DATE '2025-01-01' + (i % 100)::INTEGER AS day
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workbench-profile-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Load_OfSave_IsTheSameProfile()
    {
        var profile = DriftProfile.Build(Write("rows.parquet", 0, 40_000));
        string path = PathOf("rows.wbprofile");

        profile.Save(path);

        AssertSame(profile, DriftProfile.Load(path));
        Assert.Equal(
            [("row_id", DriftColumnKind.Id), ("x", DriftColumnKind.Numeric), ("small", DriftColumnKind.Numeric), ("plan", DriftColumnKind.Categorical), ("flag", DriftColumnKind.Boolean), ("day", DriftColumnKind.DateTime)],
            profile.Columns.Select(column => (column.Name, column.Kind)));
        Assert.Equal([false, false, true, true, true, false], profile.Columns.Select(column => column.IsExact));
    }

    [Theory, InlineData(3, "files"), InlineData(5, "row groups")]
    public void BuildShard_Merged_IsTheProfileOfAll(int shards, string by)
    {
        for (int file = 0; file < (by == "files" ? 4 : 2); file++)
            Write($"part{file}.parquet", file * 15_000, 15_000, "ROW_GROUP_SIZE 2048");
        string all = PathOf("part*.parquet");

        var merged = DriftProfile.Merge(Enumerable.Range(1, shards).Select(shard => DriftProfile.BuildShard(all, shard, shards)).ToList());

        AssertSame(DriftProfile.Build(all), merged);
    }

    [Fact]
    public void Compare_WithAProfile_GivesTheVerdictsOfTheRows()
    {
        string reference = Write("reference.parquet", 0, 30_000), current = Write("current.parquet", 7_000, 30_000, more: ", 1 AS added"), profile = PathOf("reference.wbprofile");
        DriftProfile.Build(reference).Save(profile);

        var expected = DriftReport.Compare(reference, current);
        var actual = DriftReport.Compare(profile, current);

        Assert.Equal((profile, 30_000L), (actual.Reference, actual.ReferenceRows));
        Assert.Equal(expected.Columns.Select(column => (column.Column, column.Kind, column.IsDrift, column.NullShareReference)), actual.Columns.Select(column => (column.Column, column.Kind, column.IsDrift, column.NullShareReference)));
        Assert.Equal(expected.Skipped, actual.Skipped);
        Assert.Equal(expected.NewColumns, actual.NewColumns);
        foreach (var (one, other) in expected.Columns.SelectMany(column => column.Tests).Zip(actual.Columns.SelectMany(column => column.Tests)))
        {
            Assert.InRange(one.Statistic, (other.Lower ?? other.Statistic) - 1e-9, (other.Upper ?? other.Statistic) + 1e-9);
            Assert.Equal(one.IsDrift, other.IsDrift);
        }
        // Seven values and thirty categories are all there: exact.
        Assert.All(actual.Columns.Where(column => column.Column is "small" or "plan" or "flag").SelectMany(column => column.Tests), test => Assert.Equal(DriftExactness.Exact, test.Exactness));
    }

    [Fact]
    public void Merge_ColumnsThatOneLacks_CountAsNull()
    {
        DriftProfile a = DriftProfile.Build(Write("a.parquet", 0, 100)), b = DriftProfile.Build(Write("b.parquet", 0, 50, more: ", i AS added"));

        var merged = DriftProfile.Merge(a, b);

        Assert.Equal((150L, 100L, 50L), (merged.Rows, merged.Columns[^1].Numbers!.Nulls, merged.Columns[^1].Numbers!.Count));
    }

    [Fact]
    public void Merge_OtherKinds_NamesTheColumn()
    {
        var options = new DriftOptions().Kind("small", DriftColumnKind.Categorical);
        string file = Write("a.parquet", 0, 100);

        var failure = Assert.Throws<DataException>(() => DriftProfile.Merge(DriftProfile.Build(file), DriftProfile.Build(file, options)));

        Assert.StartsWith("Column 'small' is Numeric (BIGINT) in", failure.Message);
    }

    [Fact]
    public void Load_OfAnythingElse_SaysWhatIsWrong()
    {
        string path = PathOf("p.wbprofile");
        DriftProfile.Build(Write("a.parquet", 0, 1000)).Save(path);
        byte[] good = File.ReadAllBytes(path);

        Assert.Contains("is no drift profile", Failure("PAR1 and so on"u8.ToArray()));
        Assert.Contains("is no drift profile", Failure([]));
        Assert.Contains("is incomplete: it has 10 of 24 bytes", Failure(good[..10]));
        Assert.Contains($"is incomplete: it has {good.Length - 1:N0} of {good.Length:N0} bytes", Failure(good[..^1]));
        Assert.Contains("is damaged", Failure(Changed(good, good.Length / 2)));
        Assert.Contains("is damaged", Failure([.. good, 0]));
        Assert.Contains("has format version 2, and this version of Workbench reads format version 1", Failure(WithNumber(good, 8, 2)));
        Assert.Contains("has key rule 7", Failure(WithNumber(good, 12, 7)));
        Assert.Contains("Cannot read the profile", Assert.Throws<DataException>(() => DriftProfile.Load(PathOf("nowhere.wbprofile"))).Message);

        string Failure(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            return Assert.Throws<DataException>(() => DriftProfile.Load(path)).Message;
        }
    }

    [Fact]
    public void Save_HoldsBinsAndNotRows()
    {
        string rows = Write("a.parquet", 0, 200_000), path = PathOf("a.wbprofile");

        var profile = DriftProfile.Build(rows);
        profile.Save(path);

        // Seven values, the squares modulo 30, and at most 8,192 bins of x of some 20 bytes, whatever the rows.
        Assert.Equal((7, 12), (profile.Columns[2].Numbers!.Bins.Length, profile.Columns[3].Categories!.Counts.Count));
        Assert.InRange(profile.Columns[1].Numbers!.Bins.Length, 1000, 8192);
        Assert.InRange(new FileInfo(path).Length, 1000, 250_000);
    }

    [Fact]
    public void BuildShard_MoreTextFilesNeeded_SaysSo()
    {
        string csv = PathOf("a.csv");
        File.WriteAllLines(csv, ["x", "1", "2"]);

        Assert.Contains("cannot be split into 2 parts", Assert.Throws<DataException>(() => DriftProfile.BuildShard(csv, 1, 2)).Message);
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= 1;
        return changed;
    }

    private static byte[] WithNumber(byte[] bytes, int at, int number)
    {
        byte[] changed = [.. bytes];
        BinaryPrimitives.WriteInt32LittleEndian(changed.AsSpan(at), number);
        SHA256.HashData(changed.AsSpan(0, changed.Length - 32)).CopyTo(changed, changed.Length - 32);
        return changed;
    }

    private static void AssertSame(DriftProfile expected, DriftProfile actual)
    {
        Assert.Equal((expected.Name, expected.Rows), (actual.Name, actual.Rows));
        foreach (var (one, other) in expected.Columns.Zip(actual.Columns))
        {
            Assert.Equal((one.Name, one.Type, one.Kind, one.IsExact), (other.Name, other.Type, other.Kind, other.IsExact));
            if (one.Numbers is { } numbers)
                NumericSketchTests.AssertSame(numbers, other.Numbers!);
            Assert.Equal(one.Categories?.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal), other.Categories?.Counts.OrderBy(pair => pair.Key, StringComparer.Ordinal));
            Assert.Equal((one.Categories?.Nulls, one.Categories?.OtherRows), (other.Categories?.Nulls, other.Categories?.OtherRows));
        }
        Assert.Equal(expected.Columns.Count, actual.Columns.Count);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private string Write(string name, int first, int rows, string options = "ROW_GROUP_SIZE 100000", string more = "")
    {
        using var session = DuckSession.Open();
        session.Execute($"COPY (SELECT {Columns}{more} FROM range({first}, {first + rows}) t(i)) TO {DuckSession.Literal(PathOf(name))} (FORMAT parquet, {options})");
        return PathOf(name);
    }
}
