using System.Globalization;

namespace Workbench.Data.Samples;

/// <summary>
/// A subscription business over 18 months. Customers keep their id, plan, region, payment method, device and age while
/// they stay; a customer who churns is gone the next month and a new one takes the place. Behaviour and bill (usage, logins,
/// tickets, price) are drawn afresh each month, so that a change of who churns does not change the inputs.
/// </summary>
public static class ChurnGenerator
{
    /// <summary>Number of months; the first is January 2024.</summary>
    public const int Months = 18;
    /// <summary>First month with risen prices and the plan <c>flex</c>: January 2025.</summary>
    public const int DataDriftMonth = 13;
    /// <summary>First month in which other customers churn than before: March 2025.</summary>
    public const int ConceptDriftMonth = 15;

    private const double PriceRise = 1.22;
    private const double FlexShare = 0.14;

    private static readonly DateTime FirstMonth = new(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private sealed record Subscriber(string Id, int JoinedMonth, string Plan, string Region, string PaymentMethod, string? Device, int? Age);

    /// <summary>Name of a month's file, such as <c>2024-01.parquet</c>, for month 1 to 18.</summary>
    public static string FileName(int month) => FirstMonth.AddMonths(month - 1).ToString("yyyy-MM", CultureInfo.InvariantCulture) + ".parquet";

    /// <summary>Rows by month, each sorted by time.</summary>
    internal static IEnumerable<IReadOnlyList<ChurnRow>> Generate(int seed)
    {
        var random = new SampleRandom((ulong)seed);
        var subscribers = new List<Subscriber>();
        int lastId = 0;
        for (int month = 1; month <= Months; month++)
        {
            if (month == DataDriftMonth)
                subscribers = [.. subscribers.Select(subscriber => random.Chance(FlexShare) ? subscriber with { Plan = "flex" } : subscriber)];
            int size = 2000 + random.Below(101) - 50;
            while (subscribers.Count < size)
                subscribers.Add(Join(random, month, ++lastId));
            var rows = subscribers.Select(subscriber => Observe(random, subscriber, month)).ToList();
            subscribers = [.. subscribers.Where((_, index) => rows[index].Churned == 0)];
            yield return [.. rows.OrderBy(row => row.EventAt).ThenBy(row => row.RowId, StringComparer.Ordinal)];
        }
    }

    private static Subscriber Join(SampleRandom random, int month, int number)
    {
        string plan = month >= DataDriftMonth && random.Chance(FlexShare) ? "flex" : random.Pick(("basic", 0.40), ("standard", 0.38), ("premium", 0.22));
        // Some come from an older contract and bring its months along.
        int earlier = random.Chance(0.5) ? 0 : Math.Min(72, (int)(-14 * Math.Log(1 - random.Uniform())));
        return new(
            string.Create(CultureInfo.InvariantCulture, $"C{number:D5}"), month - earlier, plan,
            random.Pick(("north", 0.3), ("south", 0.25), ("east", 0.2), ("west", 0.25)),
            random.Pick(("card", 0.5), ("direct_debit", 0.3), ("paypal", 0.15), ("invoice", 0.05)),
            random.Chance(0.02) ? null : random.Pick(("phone", 0.55), ("desktop", 0.25), ("tablet", 0.12), ("tv", 0.08)),
            random.Chance(0.03) ? null : (int)Math.Clamp(random.Normal(43, 14), 18, 90));
    }

    private static ChurnRow Observe(SampleRandom random, Subscriber subscriber, int month)
    {
        var start = FirstMonth.AddMonths(month - 1);
        // People watch more in winter: +/- 3 % over the year.
        double season = 1 + 0.03 * Math.Cos(2 * Math.PI * (month - 1) / 12.0);
        double usage = Positive(random.Normal(42 * season, 12), 1);
        double price = (random.Normal(35, 6.5) + Surcharge(subscriber.Plan)) * (month >= DataDriftMonth ? PriceRise : 1);
        var row = new ChurnRow
        {
            RowId = $"{subscriber.Id}@{start.ToString("yyyy-MM", CultureInfo.InvariantCulture)}",
            CustomerId = subscriber.Id,
            EventAt = start.AddSeconds(random.Below((int)(start.AddMonths(1) - start).TotalSeconds)),
            TenureMonths = month - subscriber.JoinedMonth,
            MonthlyPrice = Math.Max(9, Math.Round(price, 2)),
            DiscountPercent = Math.Round(20 * random.Uniform(), 0),
            UsageHours = usage,
            Sessions = (int)Positive(random.Normal(20 + 0.15 * (usage - 42), 4.5), 0),
            DaysSinceLogin = (int)Math.Min(30, Positive(random.Normal(12, 5), 0)),
            SupportTickets = random.Poisson(3),
            LatePayments = random.Poisson(0.8),
            DataGb = random.Chance(0.02) ? null : Math.Round(Math.Exp(random.Normal(2.2, 0.5)), 1),
            Satisfaction = random.Chance(0.08) ? null : Math.Round(Math.Clamp(random.Normal(7, 1.6), 0, 10), 1),
            AgeYears = subscriber.Age,
            Referrals = random.Poisson(0.4),
            Plan = subscriber.Plan,
            Region = subscriber.Region,
            PaymentMethod = subscriber.PaymentMethod,
            Device = subscriber.Device,
        };
        double logit = month >= ConceptDriftMonth ? ChurnConcept.After(row) : ChurnConcept.Before(row);
        return row with { Churned = random.Chance(ChurnConcept.Probability(logit)) ? 1 : 0 };
    }

    private static double Surcharge(string plan) => plan switch { "basic" => -3, "premium" => 4, _ => 0 };

    private static double Positive(double value, int digits) => Math.Max(0, Math.Round(value, digits));
}
