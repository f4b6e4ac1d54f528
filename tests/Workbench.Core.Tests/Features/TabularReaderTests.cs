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
    public void Read_BinaryLabelOtherThanZeroOrOne_NamesRow(string label, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => Labelled([label], Schema with { Task = PredictionTask.Binary })).Message);

    /// <summary>Reads a first row of label 1 (or the text yes) and then those given.</summary>
    private TabularData Labelled(string[] labels, FeatureSchema schema, string first = "1") =>
        TabularReader.Read(_folder.Write("a.csv", $"churned,customer,plan,hours,price\n{first},a,x,1,1\n{string.Concat(labels.Select((label, row) => $"{label},b{row},x,1,1\n"))}"), schema);

    // The rule of FeatureSchema.Task: 0 and 1 are binary, texts and few whole numbers classes, other numbers quantities.
    [Theory]
    [InlineData("0 1 0", PredictionTask.Binary, "", "1 0 1 0")]
    [InlineData("7 10 1", PredictionTask.Multiclass, "1 7 10", "0 1 2 0")]
    [InlineData("0.5 -3 1", PredictionTask.Regression, "", "1 0.5 -3 1")]
    [InlineData("b a B", PredictionTask.Multiclass, "1 B a b", "0 3 2 1")]
    [InlineData("2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21", PredictionTask.Regression, "", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21")]
    public void Read_NoTaskSaid_FollowsTheLabels(string labels, PredictionTask task, string classes, string expected)
    {
        var data = Labelled(labels.Split(' '), Schema);
        Assert.Equal(task, data.Schema.Task);
        Assert.Equal(classes, string.Join(" ", data.Schema.Classes));
        Assert.Equal(expected, string.Join(" ", data.Labels));
    }

    [Fact]
    public void Read_TaskSaid_OverridesTheRule()
    {
        Assert.Equal([1f, 0f, 2f], Labelled(["0", "2"], Schema with { Task = PredictionTask.Regression }).Labels);
        var classes = Labelled(["0.5", "2"], Schema with { Task = PredictionTask.Multiclass });
        Assert.Equal(["0.5", "1.0", "2.0"], classes.Schema.Classes);
        Assert.Equal([1f, 0f, 2f], classes.Labels);
    }

    // DuckDB reads a CSV column of yes and no as booleans.
    [Theory]
    [InlineData("stay", "go", "stay")]
    [InlineData("2", "1", "2")]
    [InlineData("yes", "no", "yes")]
    [InlineData("no", "yes", "no")]
    public void Read_PositiveValue_MakesTwoValuesBinary(string first, string second, string positive)
    {
        var data = Labelled([first, second], Schema with { Positive = positive }, first);
        Assert.Equal(PredictionTask.Binary, data.Schema.Task);
        Assert.Equal([1f, 1f, 0f], data.Labels);
    }

    [Fact]
    public void Read_SchemaWithClasses_KeepsTheirOrderAndRefusesOthers()
    {
        var schema = Schema with { Classes = ["red", "blue", "green"] };
        Assert.Equal([1f, 0f], Labelled(["red"], schema, "blue").Labels);
        var failure = Assert.Throws<DataException>(() => Labelled(["pink"], schema, "blue"));
        Assert.Contains("'pink' in row 2 (customer b0)", failure.Message);
        Assert.Contains("red, blue, green", failure.Message);
    }

    [Theory]
    [InlineData(PredictionTask.Regression, "", "'churned' is NULL in row 2")]
    [InlineData(PredictionTask.Regression, "inf", "'churned' is Infinity in row 2")]
    [InlineData(PredictionTask.Multiclass, "", "'churned' is NULL in row 2")]
    public void Read_LabelThatDoesNotFitTheTask_NamesRow(PredictionTask task, string label, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => Labelled([label], Schema with { Task = task })).Message);

    [Fact]
    public void Read_TooManyTextsForClasses_IsRefused()
    {
        var labels = Enumerable.Range(0, 1_001).Select(i => $"text {i}").ToArray();
        Assert.Contains("more than 1,000 different values", Assert.Throws<DataException>(() => Labelled(labels, Schema)).Message);
    }

    [Fact]
    public void Validate_ClassesOrPositiveOfAnotherTask_IsRefused()
    {
        Assert.Contains("Classes belong to a multiclass task", Assert.Throws<DataException>((Schema with { Classes = ["a", "a"] }).Validate).Message);
        Assert.Contains("Classes belong to a multiclass task", Assert.Throws<DataException>((Schema with { Classes = ["a", "b"], Task = PredictionTask.Regression }).Validate).Message);
        Assert.Contains("belongs to a binary task", Assert.Throws<DataException>((Schema with { Positive = "yes", Task = PredictionTask.Multiclass }).Validate).Message);
    }

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
