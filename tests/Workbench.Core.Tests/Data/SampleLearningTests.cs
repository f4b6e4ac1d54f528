using Workbench.Evaluation;
using Workbench.Features;
using Workbench.Training;

namespace Workbench.Core.Tests.Data;

/// <summary>The sample data can carry the demo: the default network learns both concepts far enough above the alert's 0.90.</summary>
public class SampleLearningTests
{
    private static readonly FeatureSchema Schema = new()
    {
        Numeric =
        [
            "tenure_months", "monthly_price", "discount_percent", "usage_hours", "sessions", "days_since_login",
            "support_tickets", "late_payments", "data_gb", "satisfaction", "age_years", "referrals",
        ],
        Categorical = ["plan", "region", "payment_method", "device"],
        Label = "churned",
        Id = "customer_id",
    };

    // Few and large steps: the defaults reach no more than 0.003 above this and take ten times as long.
    private static readonly TabularTrainingOptions Quick = new() { MaxEpochs = 3, BatchSize = 512, LearningRate = 5e-3 };

    private static TabularData Rows(DateTime from, DateTime to) =>
        TabularReader.Read(SampleFolder.Churn("*.parquet"), Schema, "event_at >= $from AND event_at < $to", ("from", from), ("to", to));

    private static DateTime Month(int month, int day = 1) => new DateTime(2024, 1, day).AddMonths(month - 1);

    private static double Accuracy(TrainedTabularModel model, TabularData rows)
    {
        double accuracy = BinaryClassification.Evaluate(model.Predict(rows), rows.Labels, bootstrapSamples: 20).Accuracy.Value;
        TestContext.Current.TestOutputHelper?.WriteLine($"{rows.Rows} rows: {accuracy:0.0000}");
        return accuracy;
    }

    [Fact]
    public void FirstConcept_TrainedOnYearOne_HoldsUntilTheConceptDrifts()
    {
        var (training, holdout) = TabularSplit.ByHash(Rows(Month(1), Month(13)));
        using var model = TabularTrainer.Fit(training, holdout, Quick);
        Assert.InRange(Accuracy(model, holdout), 0.925, 1);
        Assert.InRange(Accuracy(model, Rows(Month(13), Month(14))), 0.925, 1);
        Assert.InRange(Accuracy(model, Rows(Month(14), Month(15))), 0.925, 1);
        Assert.InRange(Accuracy(model, Rows(Month(15), Month(16))), 0, 0.80);
    }

    [Fact]
    public void SecondConcept_TrainedOnFiveWeeks_HoldsAfterwards()
    {
        var (training, holdout) = TabularSplit.ByHash(Rows(Month(15), Month(16, 8)));
        using var model = TabularTrainer.Fit(training, holdout, Quick with { MaxEpochs = 10, BatchSize = 128 });
        Assert.InRange(training.Rows, 1800, 2200);
        Assert.InRange(Accuracy(model, Rows(Month(16, 8), Month(17))), 0.915, 1);
        Assert.InRange(Accuracy(model, Rows(Month(17), Month(19))), 0.915, 1);
    }
}
