using System.Text.Json.Nodes;
using Workbench.Drift;
using Workbench.Host.Triggers;

namespace Workbench.Host.Tests.Triggers;

/// <summary>Two columns of which one drifted: a share of one half.</summary>
public sealed class DriftConditionTests
{
    private static readonly DriftReport Report = new()
    {
        Reference = "reference", Current = "current", ReferenceRows = 100, CurrentRows = 100, Correction = PValueCorrection.None,
        Columns = [Column("age", 0.35, isDrift: true), Column("income", 0.1, isDrift: false)],
    };

    [Theory]
    [InlineData("""{"model":"churn"}""", true)]
    [InlineData("""{"model":"churn","share":0.51}""", false)]
    [InlineData("""{"model":"chat"}""", false)]
    [InlineData("""{"model":"churn","column":"age"}""", true)]
    [InlineData("""{"model":"churn","column":"age","above":0.35}""", true)]
    [InlineData("""{"model":"churn","column":"age","above":0.36}""", false)]
    [InlineData("""{"model":"churn","column":"income"}""", false)]
    [InlineData("""{"model":"churn","column":"income","above":0.05}""", true)]
    [InlineData("""{"model":"churn","column":"nobody"}""", false)]
    public void Holds_LimitOfShareOrColumn_IsReached(string entry, bool holds) =>
        Assert.Equal(holds, DriftCondition.Holds(Report, DriftTriggerOptions.Read(new(JsonNode.Parse(entry)!.AsObject())), "churn") is not null);

    [Fact]
    public void Holds_Reason_NamesWhatDrifted()
    {
        Assert.Equal("drift: 50 % of the columns of churn drifted (age)", DriftCondition.Holds(Report, new("churn", 0.5, null, null), "churn"));
        Assert.Equal("drift: column 'age' of churn moved by 0.35", DriftCondition.Holds(Report, new("churn", 0.5, "age", 0.2), "churn"));
    }

    private static ColumnDrift Column(string name, double psi, bool isDrift) => new()
    {
        Column = name, Kind = DriftColumnKind.Numeric, IsDrift = isDrift, NullShareReference = 0, NullShareCurrent = 0,
        Tests =
        [
            new() { Test = "psi", Statistic = psi, Threshold = 0.2, Direction = DriftDirection.StatisticAtOrAbove, Role = DriftRole.Decides, IsDrift = isDrift },
            new() { Test = "js", Statistic = 0.9, Threshold = 0.1, Direction = DriftDirection.StatisticAtOrAbove, Role = DriftRole.Informs, IsDrift = true },
        ],
    };
}
