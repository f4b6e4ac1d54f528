using Workbench.Data;
using Workbench.Features;
using Workbench.Core.Tests.Registry;

namespace Workbench.Core.Tests.Features;

public sealed class TabularDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static TabularData Sample() => new()
    {
        Schema = new() { Numeric = ["a", "b"], Categorical = ["c"], Label = "y", Id = "id" },
        Rows = 3, Numeric = [1.25f, float.NaN, 3e-30f, -4f, 0.1f, 6f], Categorical = ["x", null, "it's, \"quoted\"\n"], Labels = [1, 0, 1], Ids = ["i1", "i2", "i1"],
    };

    private static void AssertSame(TabularData expected, TabularData actual)
    {
        Assert.Equal(expected.Rows, actual.Rows);
        Assert.Equal(expected.Numeric, actual.Numeric);
        Assert.Equal(expected.Categorical, actual.Categorical);
        Assert.Equal(expected.Labels, actual.Labels);
        Assert.Equal(expected.Ids, actual.Ids);
        Assert.Equal(expected.Schema.All, actual.Schema.All);
    }

    [Fact]
    public void Select_RowsInAnyOrder_TakesAllTheirParts()
    {
        var selected = Sample().Select([2, 0, 2]);
        AssertSame(Sample() with { Rows = 3, Numeric = [0.1f, 6f, 1.25f, float.NaN, 0.1f, 6f], Categorical = ["it's, \"quoted\"\n", "x", "it's, \"quoted\"\n"], Labels = [1, 1, 1], Ids = ["i1", "i1", "i1"] }, selected);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample().Select([3]));
    }

    [Fact]
    public void SaveAndLoad_AllParts_AreExactAndTheBytesRepeat()
    {
        string first = Path.Combine(_folder.Path, "1"), second = Path.Combine(_folder.Path, "2");
        foreach (string folder in new[] { first, second })
        {
            Directory.CreateDirectory(folder);
            Sample().Save(folder);
        }
        AssertSame(Sample(), TabularData.Load(first));
        Assert.Equal(DataSnapshot.Hash(Directory.GetFiles(first)), DataSnapshot.Hash(Directory.GetFiles(second)));
        Assert.Equal(["data.parquet", "schema.json"], Directory.GetFiles(first).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void SaveAndLoad_NoLabelsOrIds_StayAway()
    {
        var bare = Sample() with { Labels = [], Ids = [] };
        bare.Save(_folder.Path);
        AssertSame(bare, TabularData.Load(_folder.Path));
    }

    [Fact]
    public void SaveAndLoad_ClassesNumbersAndPositive_AreExact()
    {
        var classes = Sample() with { Schema = Sample().Schema with { Task = PredictionTask.Multiclass, Classes = ["z", "0", "1"] }, Labels = [2, 0, 1] };
        var numbers = Sample() with { Schema = Sample().Schema with { Task = PredictionTask.Regression }, Labels = [1e-30f, -7.25f, 3e9f] };
        var positive = Sample() with { Schema = Sample().Schema with { Task = PredictionTask.Binary, Positive = "yes" } };
        foreach (var data in new[] { classes, numbers, positive, classes with { Labels = [] } })
        {
            string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"))).FullName;
            data.Save(folder);
            var loaded = TabularData.Load(folder);
            AssertSame(data, loaded);
            Assert.Equal((data.Schema.Task, data.Schema.Positive), (loaded.Schema.Task, loaded.Schema.Positive));
            Assert.Equal(data.Schema.Classes, loaded.Schema.Classes);
        }
    }

    // schema.json as version 0.1 wrote it, which knew binary labels only.
    [Fact]
    public void Load_SchemaOfAnEarlierVersion_IsBinary()
    {
        Sample().Save(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "schema.json"), """
            { "schema": { "numeric": ["a", "b"], "categorical": ["c"], "label": "y", "id": "id" }, "rows": 3, "isLabelled": true, "hasIds": true }
            """);
        var loaded = TabularData.Load(_folder.Path);
        AssertSame(Sample(), loaded);
        Assert.Equal(PredictionTask.Binary, loaded.Schema.TaskOrBinary);
    }

    [Fact]
    public void WithLabelsOf_OtherOrderOfClasses_NumbersThemAnew()
    {
        var rows = Sample() with { Schema = Sample().Schema with { Task = PredictionTask.Multiclass, Classes = ["a", "b", "c"] }, Labels = [2, 0, 2] };
        Assert.Equal([0f, 1f, 0f], rows.WithLabelsOf(rows.Schema with { Classes = ["c", "a"] }).Labels);
        Assert.Contains("class 'c'", Assert.Throws<DataException>(() => rows.WithLabelsOf(rows.Schema with { Classes = ["a", "b"] })).Message);
        Assert.Contains("Multiclass task", Assert.Throws<DataException>(() => rows.WithLabelsOf(Sample().Schema)).Message);
    }

    [Fact]
    public void Load_DamagedOrMissingFile_NamesIt()
    {
        Sample().Save(_folder.Path);
        string data = Path.Combine(_folder.Path, "data.parquet"), schema = Path.Combine(_folder.Path, "schema.json");
        File.WriteAllText(data, "damaged");
        Assert.Equal(data, Assert.Throws<DataException>(() => TabularData.Load(_folder.Path)).Origin);
        File.WriteAllText(schema, "{");
        Assert.Equal(schema, Assert.Throws<DataException>(() => TabularData.Load(_folder.Path)).Origin);
    }
}
