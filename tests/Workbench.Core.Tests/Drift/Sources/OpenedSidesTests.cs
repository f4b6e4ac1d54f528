using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Sources;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class OpenedSidesTests : IDisposable
{
    private readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_NeitherSideThere_SaysSoOfTheReference() =>
        Assert.Contains("first.parquet", Assert.Throws<DataException>(() => OpenedSides.Open(_folder.In("first.parquet"), _folder.In("second.parquet"), TestContext.Current.CancellationToken)).Message);

    [Fact]
    public void Open_OneSideNotThere_SaysSoOfThatOne()
    {
        File.WriteAllText(_folder.In("rows.csv"), "x\n1\n2\n");

        Assert.Contains("gone.csv", Assert.Throws<DataException>(() => OpenedSides.Open(_folder.In("gone.csv"), _folder.In("rows.csv"), TestContext.Current.CancellationToken)).Message);
        Assert.Contains("gone.csv", Assert.Throws<DataException>(() => OpenedSides.Open(_folder.In("rows.csv"), _folder.In("gone.csv"), TestContext.Current.CancellationToken)).Message);
    }

    // One reader's enumerable must not be asked for rows by two threads.
    [Fact]
    public void Open_RowsOfTheCaller_ReadsOneSideAfterTheOther()
    {
        int reading = 0, most = 0;
        IEnumerable<Row> Rows()
        {
            most = Math.Max(most, Interlocked.Increment(ref reading));
            for (int i = 0; i < 100; i++)
                yield return new(i);
            Thread.Sleep(50);
            Interlocked.Decrement(ref reading);
        }

        using var sides = OpenedSides.Open(DriftSource.Rows(Rows(), "a"), DriftSource.Rows(Rows(), "b"), TestContext.Current.CancellationToken);

        Assert.Equal((1, 100, 100), (most, sides.Reference.Rows, sides.Current.Rows));
    }

    private sealed record Row(int X);
}
