using System.Text.Json;
using Workbench.Data;
using Workbench.Drift;
using Workbench.Drift.Causes;

namespace Workbench.Core.Tests.Drift.Causes;

public sealed class DriftCausesTests : IDisposable
{
    private readonly DuckSession _session = DuckSession.Open();

    public DriftCausesTests()
    {
        // u(k): a uniform number of row i, independent for each k. A score of 0.2, and 0.3 more for the plan 'plus'.
        _session.Execute("""
            CREATE MACRO u(i, k) AS (hash(i * 1000 + k) % 1000003) / 1000003.0;
            CREATE TABLE reference AS SELECT *, 0.2 + 0.3 * (plan = 'plus')::INT + 0.1 * (u(i, 9) - 0.5) AS score FROM (
                SELECT i, CASE WHEN u(i, 1) < 0.7 THEN 'basic' ELSE 'plus' END AS plan, floor(u(i, 2) * 60)::INT AS tenure, u(i, 3) * 100 AS usage, u(i, 4) AS noise, u(i, 5) < 0.5 AS paper
                FROM range(20000) rows(i));
            CREATE TABLE same AS SELECT *, 0.2 + 0.3 * (plan = 'plus')::INT + 0.1 * (u(i, 9) - 0.5) AS score FROM (
                SELECT i, CASE WHEN u(i, 1) < 0.7 THEN 'basic' ELSE 'plus' END AS plan, floor(u(i, 2) * 60)::INT AS tenure, u(i, 3) * 100 AS usage, u(i, 4) AS noise, u(i, 5) < 0.5 AS paper
                FROM range(50000, 70000) rows(i));
            """);
    }

    [Fact]
    public void Find_NewPlanWithHighScore_IsTheFirstCause()
    {
        // A fifth of the rows take the new plan; their score is 0.7. The mean rises by 0.2 · (0.7 - 0.29).
        var causes = Find("SELECT * REPLACE (CASE WHEN u(i, 6) < 0.2 THEN 'flex' ELSE plan END AS plan, CASE WHEN u(i, 6) < 0.2 THEN 0.7 ELSE score END AS score) FROM same");

        var change = Assert.Single(causes.Quantities);
        Assert.True(change.IsBeyondChance);
        Assert.Equal(0.2 * (0.7 - 0.29), change.Change, 0.005);
        Assert.InRange(change.Change, change.ConfidenceLower, change.ConfidenceUpper);
        Assert.Equal("plan", change.Columns[0].Column);
        var first = change.Slices[0];
        Assert.Equal("plan = 'flex'", Assert.Single(first.Conditions).ToString());
        Assert.Equal((0, null), (first.ReferenceShare, first.ReferenceMean));
        Assert.Equal(0.2, first.CurrentShare, 0.01);
        Assert.Equal(0.7, first.CurrentMean!.Value, 1e-9);
        Assert.Equal(first.Contribution, first.Mix, 1e-12); // all of it is mix: there were no such rows
        Assert.StartsWith("Rows with plan = 'flex' are new: ", first.Sentence);
        Assert.Equal("plan = 'flex'", causes.Movements[0].Conditions[0].ToString());
        Assert.DoesNotContain(change.Slices.Skip(1), slice => slice.Conditions.Any(condition => condition.Category == "flex"));
    }

    [Fact]
    public void Find_OtherValuesInASliceOfTwoColumns_NamesBothConditions()
    {
        var causes = Find("SELECT * REPLACE (CASE WHEN plan = 'plus' AND tenure >= 42 THEN score + 0.4 ELSE score END AS score) FROM same");

        var first = causes.Quantities[0].Slices[0];
        // Ends lie at tenths of the reference: 42 is between two of them.
        Assert.Matches("^plan = 'plus', tenure ≥ 4[0-3]$", string.Join(", ", first.Conditions.OrderBy(condition => condition.Column)));
        Assert.Equal(0.5, first.ReferenceMean!.Value, 0.01);
        Assert.Equal(0.9, first.CurrentMean!.Value, 0.03);
        Assert.Equal(1, first.ShareOfChange, 0.1);
        Assert.True(Math.Abs(first.Mix) < 0.1 * first.Contribution, first.ToString());
        Assert.StartsWith("On rows with ", first.Sentence);
        Assert.Contains("rose from 0.5", first.Sentence);
        Assert.Empty(causes.Movements);
    }

    [Fact]
    public void Find_SameDistribution_NamesNothing()
    {
        var causes = Find("SELECT * FROM same");
        Assert.False(causes.Quantities[0].IsBeyondChance);
        Assert.Empty(causes.Quantities[0].Slices);
        Assert.Empty(causes.Movements);
        Assert.Contains("did not change beyond chance", Assert.Single(causes.Sentences()));
    }

    [Fact]
    public void Contribution_OverAllPlans_AddsUpToTheChange()
    {
        const string current = "SELECT * REPLACE (CASE WHEN u(i, 6) < 0.5 THEN 'plus' ELSE plan END AS plan, score + 0.1 * (plan = 'basic')::INT AS score) FROM same";
        // The same sum by SQL: share times distance from halfway, a plan at a time.
        double centre = (Mean("reference", "true") + Mean($"({current})", "true")) / 2;
        double expected(string plan) => Part($"({current})", plan, centre) - Part("reference", plan, centre);
        var all = Pair("true", current);
        double sum = 0;
        foreach (string plan in new[] { "basic", "plus" })
        {
            double value = SliceMath.Contribution(Pair($"plan = '{plan}'", current), all).Value;
            Assert.Equal(expected(plan), value, 1e-12);
            sum += value;
        }
        Assert.Equal(all.Current.Mean - all.Reference.Mean, sum, 1e-12);
        Assert.Equal(0, SliceMath.Excess(all, all), 1e-12);
    }

    [Fact]
    public void Find_MissingValuesBooleansAndATransform_AreSlicesToo()
    {
        var causes = Find(
            "SELECT * REPLACE (CASE WHEN u(i, 6) < 0.3 THEN NULL ELSE usage END AS usage, paper OR u(i, 7) < 0.5 AS paper, CASE WHEN u(i, 6) < 0.3 THEN 0 ELSE score END AS score) FROM same",
            new() { Quantities = [new("score") { Name = "distance from 0.5", Transform = score => Math.Abs(score - 0.5) }] });
        Assert.Equal("usage missing", Assert.Single(causes.Quantities[0].Slices[0].Conditions).ToString());
        Assert.StartsWith("The mean of distance from 0.5 rose", causes.Quantities[0].Sentence);
        Assert.Contains(causes.Movements, movement => movement.Conditions is [{ Column: "paper" }]);
    }

    [Fact]
    public void Compare_WithCauses_PutsThemIntoTheReport()
    {
        _session.Execute("CREATE TABLE current AS SELECT * REPLACE (usage + 30 AS usage, score + usage / 1000 AS score) FROM same");
        var report = DriftReport.Compare(
            DriftSource.Query(_session.Connection, "FROM reference", "reference"), DriftSource.Query(_session.Connection, "FROM current", "current"),
            new DriftOptions { Exclude = ["i"], Causes = new() { Quantities = ["score"], Exclude = ["i"] } }, TestContext.Current.CancellationToken);
        Assert.Contains(report.Causes!.Movements, movement => movement.Conditions[0].Column == "usage");
        var again = DriftReport.Parse(report.ToJson());
        Assert.Equal(report.Causes.Sentences(), again.Causes!.Sentences());
        Assert.Equal(JsonSerializer.Serialize(report.Causes), JsonSerializer.Serialize(again.Causes));
    }

    [Theory]
    [InlineData("scroe", "'scroe' is not on both sides. Did you mean 'score'?")]
    [InlineData("plan", "'plan' is VARCHAR; a quantity whose change is explained is numeric or boolean.")]
    public void Find_WrongQuantity_SaysWhatIsAllowed(string quantity, string message) =>
        Assert.Contains(message, Assert.Throws<DataException>(() => Find("SELECT * FROM same", new() { Quantities = [quantity] })).Message);

    [Fact]
    public void Find_NoRowOrNoValue_IsAClearError()
    {
        Assert.Contains("has 0 rows", Assert.Throws<DataException>(() => Find("SELECT * FROM same WHERE false")).Message);
        Assert.Contains("no finite value in the current rows", Assert.Throws<DataException>(() => Find("SELECT * REPLACE ('nan'::DOUBLE AS score) FROM same")).Message);
    }

    [Fact]
    public void Condition_OfEveryKind_ReadsLikeASentence()
    {
        Assert.Equal("10 ≤ age < 20", new SliceCondition { Column = "age", Lower = 10, Upper = 20 }.ToString());
        Assert.Equal("age = 0", new SliceCondition { Column = "age", Lower = 0, Upper = double.BitIncrement(0) }.ToString());
        Assert.Equal("age ≤ 59", new SliceCondition { Column = "age", Upper = double.BitIncrement(59) }.ToString());
        Assert.Equal("age > 0", new SliceCondition { Column = "age", Lower = double.BitIncrement(0) }.ToString());
        Assert.Equal("9 < age ≤ 59", new SliceCondition { Column = "age", Lower = double.BitIncrement(9), Upper = double.BitIncrement(59) }.ToString());
        Assert.Equal("age ≥ 0.5", new SliceCondition { Column = "age", Lower = 0.5 }.ToString());
    }

    public void Dispose() => _session.Dispose();

    private DriftCauses Find(string current, CauseOptions? options = null) => DriftCauses.Find(
        DriftSource.Query(_session.Connection, "FROM reference", "reference"), DriftSource.Query(_session.Connection, current, "current"),
        options ?? new() { Quantities = ["score"], Exclude = ["i"] }, TestContext.Current.CancellationToken);

    private double Mean(string relation, string where) => _session.Scalar<double>($"SELECT avg(score) FROM {relation} WHERE {where}");

    private double Part(string relation, string plan, double centre) =>
        _session.Scalar<double>($"SELECT sum(CASE WHEN plan = '{plan}' THEN score - {centre.ToString("R", System.Globalization.CultureInfo.InvariantCulture)} ELSE 0 END) / count(*) FROM {relation}");

    private TallyPair Pair(string where, string current) => new(Side("reference", where), Side($"({current})", where));

    private Tally Side(string relation, string where) => new(
        _session.Scalar<long>($"SELECT count(*) FROM {relation} WHERE {where}"), _session.Scalar<double>($"SELECT sum(score) FROM {relation} WHERE {where}"),
        _session.Scalar<double>($"SELECT sum(score * score) FROM {relation} WHERE {where}"));
}
