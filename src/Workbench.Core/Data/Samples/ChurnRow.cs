namespace Workbench.Data.Samples;

/// <summary>One customer observed once in a month. Property names are the columns in <c>data/samples/churn</c> when written in snake case.</summary>
internal sealed record ChurnRow
{
    public required string RowId { get; init; }
    public required string CustomerId { get; init; }
    public required DateTime EventAt { get; init; }
    public required int TenureMonths { get; init; }
    public required double MonthlyPrice { get; init; }
    public required double DiscountPercent { get; init; }
    public required double UsageHours { get; init; }
    public required int Sessions { get; init; }
    public required int DaysSinceLogin { get; init; }
    public required int SupportTickets { get; init; }
    public required int LatePayments { get; init; }
    public required double? DataGb { get; init; }
    public required double? Satisfaction { get; init; }
    public required int? AgeYears { get; init; }
    public required int Referrals { get; init; }
    public required string Plan { get; init; }
    public required string Region { get; init; }
    public required string PaymentMethod { get; init; }
    public required string? Device { get; init; }
    public int Churned { get; init; }
    public DateTime LabelAt => EventAt.AddDays(30);
}
