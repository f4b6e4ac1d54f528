using CsCheck;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Core.Tests.Features;

public sealed class TabularSplitTests
{
    private static TabularData Rows(params string[] ids) => new()
    {
        Schema = new() { Numeric = ["a"], Categorical = [], Label = "y", Id = "id" },
        Rows = ids.Length, Numeric = [.. ids.Select((_, row) => (float)row)], Categorical = [], Labels = new float[ids.Length], Ids = ids,
    };

    private static string[] Customers(int count) => [.. Enumerable.Range(0, count).Select(i => $"C{i:D5}")];

    /// <summary>Expected: Python, int.from_bytes(sha256(salt + "\n" + id)[:8], "big") / 2**64.</summary>
    [Theory]
    [InlineData("C00001", "", 0.703901386499601)]
    [InlineData("C00002", "", 0.17728244263857795)]
    [InlineData("C00002", "x", 0.0068550900277794475)]
    public void Position_KnownIds_AreStable(string id, string salt, double expected) => Assert.Equal(expected, TabularSplit.Position(id, salt), 1e-15);

    [Fact]
    public void ByHash_ManyIds_HoldsOutTheShare()
    {
        var (training, holdout) = TabularSplit.ByHash(Rows(Customers(10_000)), 0.2);
        Assert.Equal(10_000, training.Rows + holdout.Rows);
        // Five standard deviations of a binomial: sqrt(10,000 * 0.2 * 0.8) = 40.
        Assert.InRange(holdout.Rows, 1800, 2200);
        Assert.Empty(training.Ids.Intersect(holdout.Ids));
    }

    [Fact]
    public void ByHash_OtherWindowOrOrder_KeepsEachIdOnItsSide() => Gen.Shuffle(Customers(200)).Select(Gen.Int[50, 200]).Sample((ids, count) =>
    {
        var all = TabularSplit.ByHash(Rows(Customers(200)));
        var some = TabularSplit.ByHash(Rows([.. ids.Take(count), .. ids.Take(count)]));
        return !some.Holdout.Ids.Except(all.Holdout.Ids).Any() && !some.Training.Ids.Except(all.Training.Ids).Any();
    }, iter: 50, seed: "0000000000000");

    [Fact]
    public void ByHash_NoIdsOrOneSide_IsRefused()
    {
        Assert.Contains("no ids", Assert.Throws<DataException>(() => TabularSplit.ByHash(Rows("a", "b") with { Ids = [] })).Message);
        Assert.Contains("one side empty", Assert.Throws<DataException>(() => TabularSplit.ByHash(Rows("a", "a"))).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => TabularSplit.ByHash(Rows("a", "b"), 1));
    }
}
