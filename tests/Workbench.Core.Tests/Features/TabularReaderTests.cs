using Microsoft.Data.Analysis;
using Workbench.Core.Tests.Data;
using Workbench.Data;
using Workbench.Features;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Features;

public sealed class TabularReaderTests : IDisposable
{
    private static readonly FeatureSchema Schema = new() { Numeric = ["price", "hours"], Categorical = ["plan"], Label = "churned", Id = "customer" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private DataException Refused(string csv) => Assert.Throws<DataException>(() => TabularReader.Read(_folder.Write("a.csv", csv), Schema));

    [Fact]
    public void Read_Csv_KeepsOrderAndMissingValues()
    {
        var data = TabularReader.Read(_folder.Write("a.csv", "churned,customer,plan,hours,price\n1,c1,basic,2,9.5\n0,c2,,NaN,\n"), Schema);
        Assert.Equal(2, data.Rows);
        Assert.Equal([9.5f, 2f, float.NaN, float.NaN], data.Numeric);
        Assert.Equal(["basic", null], data.Categorical);
        Assert.Equal([1f, 0f], data.Labels);
        Assert.Equal(["c1", "c2"], data.Ids);
    }

    [Fact]
    public void Read_TrueAndFalse_AreLabels() =>
        Assert.Equal([1f, 0f], TabularReader.Read(_folder.Write("a.csv", "churned,customer,plan,hours,price\ntrue,a,x,1,1\nfalse,b,x,1,1\n"), Schema).Labels);

    [Fact]
    public void Read_Samples_AgreesWithSql()
    {
        var schema = new FeatureSchema { Numeric = ["usage_hours", "satisfaction"], Categorical = ["plan", "device"], Label = "churned", Id = "customer_id" };
        var data = TabularReader.Read(SampleFolder.Churn("*.parquet"), schema, "event_at >= $from AND event_at < $to", ("from", new DateTime(2024, 12, 1)), ("to", new DateTime(2025, 2, 1)));
        using var session = DuckSession.Open();
        var expected = Assert.Single(session.Query<(int Rows, double Hours, int Missing, int Flex, int Positives, string First)>($"""
            SELECT count(*), sum(usage_hours), count(*) - count(satisfaction), count(*) FILTER (plan = 'flex'), sum(churned), arg_min(customer_id, event_at)
            FROM read_parquet({DuckSession.Literal(SampleFolder.Churn("*.parquet"))})
            WHERE strftime(event_at, '%Y-%m') IN ('2024-12', '2025-01')
            """));
        Assert.Equal((expected.Rows, expected.Positives, expected.First), (data.Rows, (int)data.Labels.Sum(), data.Ids[0]));
        Assert.Equal(expected.Missing, data.Numeric.Count(float.IsNaN));
        Assert.Equal(expected.Flex, data.Categorical.Count(value => value == "flex"));
        // Rows are narrowed to float: 4,000 values of about 40 differ by at most 2E-6 each.
        Assert.Equal(expected.Hours, data.Numeric.Where((_, i) => i % 2 == 0).Sum(value => (double)value), 0.01);
    }

    [Fact]
    public void Read_InfiniteNumber_NamesColumnRowAndId()
    {
        var failure = Refused("churned,customer,plan,hours,price\n1,a,x,1,1\n0,b,x,inf,1\n");
        Assert.Equal("hours", failure.Column);
        Assert.Contains("Infinity in row 2 (customer b)", failure.Message);
    }

    [Theory]
    [InlineData("2", "'churned' is 2 in row 2")]
    [InlineData("", "'churned' is NULL in row 2")]
    [InlineData("maybe", "line 3: column 'churned' holds 'maybe'")]
    public void Read_LabelOtherThanZeroOrOne_NamesRow(string label, string message) =>
        Assert.Contains(message, Refused($"churned,customer,plan,hours,price\n1,a,x,1,1\n{label},b,x,1,1\n").Message);

    [Fact]
    public void Read_MissingId_NamesRow() =>
        Assert.Contains("'customer' is NULL in row 1", Refused("churned,customer,plan,hours,price\n1,,x,1,1\n").Message);

    [Fact]
    public void Read_AllNullColumn_IsMissingEverywhere() =>
        Assert.All(TabularReader.Read(_folder.Write("a.csv", "churned,customer,plan,hours,price\n1,a,x,,1\n0,b,x,,1\n"), Schema).Numeric.Where((_, i) => i % 2 == 1), value => Assert.True(float.IsNaN(value)));

    [Fact]
    public void Read_LabelAmongInputs_IsRefused()
    {
        var leak = Schema with { Numeric = ["price", "Churned"] };
        Assert.Contains("more than once", Assert.Throws<DataException>(() => TabularReader.Read("any.csv", leak)).Message);
    }

    [Fact]
    public void FromFrame_SameRules_AndTextColumnIsNoNumber()
    {
        var frame = new DataFrame(
            new BooleanDataFrameColumn("churned", [true, false]), new StringDataFrameColumn("customer", ["a", "b"]), new StringDataFrameColumn("plan", ["x", null]),
            new Int32DataFrameColumn("hours", [1, null]), new DoubleDataFrameColumn("price", [0.5, 1.5]));
        var data = TabularData.FromFrame(frame, Schema);
        Assert.Equal([0.5f, 1f, 1.5f, float.NaN], data.Numeric);
        Assert.Equal([1f, 0f], data.Labels);
        var failure = Assert.Throws<DataException>(() => TabularData.FromFrame(frame, Schema with { Numeric = ["plan"], Categorical = [] }));
        Assert.Equal(("plan", "VARCHAR"), (failure.Column, failure.Value));
    }
}
