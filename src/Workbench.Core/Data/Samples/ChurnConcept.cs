namespace Workbench.Data.Samples;

/// <summary>
/// Who churns: P(churn) = 1 / (1 + exp(-logit)), logit linear in a few columns and steep, so that the best possible rule
/// (churn when the logit is positive) is right about 95 times in 100. README.md of the samples states the same formulas.
/// </summary>
internal static class ChurnConcept
{
    /// <summary>Months 1-14: customers who stop using the service leave.</summary>
    public static double Before(ChurnRow row) =>
        -5.5
        - 6.5 * (row.UsageHours - 42) / 12
        + 7.0 * (row.DaysSinceLogin - 12) / 5
        - 3.0 * (row.Sessions - 20) / 5
        + 2.5 * (row.LatePayments - 1)
        + (row.Plan switch { "basic" => 0.6, "premium" => -0.6, _ => 0 });

    /// <summary>From month 15: a rival lures heavy users with lower prices and better support; idle customers stay.</summary>
    public static double After(ChurnRow row) =>
        -5.0
        + 5.5 * (row.UsageHours - 42) / 12
        + 6.5 * (row.MonthlyPrice - 43) / 8
        + 3.5 * (row.SupportTickets - 3)
        - 4.0 * (row.DiscountPercent - 10) / 6
        + 1.5 * (row.LatePayments - 1);

    public static double Probability(double logit) => 1 / (1 + Math.Exp(-logit));
}
