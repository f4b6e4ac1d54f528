using System.Globalization;

namespace Workbench.Training;

/// <summary>
/// The factor on the peak learning rate at each optimizer step: a function of the step (from 0) and of the number of steps
/// that there will be, so that its state is the step alone. Only <see cref="OnPlateau"/> also looks at validations.
/// </summary>
public sealed record LearningRateSchedule
{
    private readonly Func<double, double, double> _factor;
    private readonly IReadOnlyList<string> _problems;

    private LearningRateSchedule(string name, bool needsTotal, Func<double, double, double> factor, params IEnumerable<string?> problems) =>
        (Name, NeedsTotal, _factor, _problems) = (name, needsTotal, factor, [.. problems.OfType<string>()]);

    /// <summary>Name and settings, such as <c>cosine, 100 warm-up</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the number of steps must be known.</summary>
    internal bool NeedsTotal { get; }

    /// <summary>How a plateau lowers the rate; null for all other schedules.</summary>
    internal (double Factor, int Patience)? Plateau { get; private init; }

    /// <summary>Always 1, after a linear rise from 0 over <paramref name="warmupSteps"/> steps.</summary>
    public static LearningRateSchedule Constant(long warmupSteps = 0) =>
        new(Named("constant", warmupSteps), false, (step, _) => Warm(step, warmupSteps), NotNegative(nameof(warmupSteps), warmupSteps));

    /// <summary>Rises linearly over <paramref name="warmupSteps"/> steps, then falls along half a cosine to <paramref name="minimum"/> at the last step (Loshchilov and Hutter 2017, without restarts).</summary>
    public static LearningRateSchedule Cosine(long warmupSteps = 0, double minimum = 0) =>
        new(Named("cosine", warmupSteps), true, (step, total) => step < warmupSteps ? Warm(step, warmupSteps)
            : minimum + (1 - minimum) * 0.5 * (1 + Math.Cos(Math.PI * Along(step, warmupSteps, total))), NotNegative(nameof(warmupSteps), warmupSteps), Share(nameof(minimum), minimum));

    /// <summary>Rises linearly over <paramref name="warmupSteps"/> steps, then falls linearly to <paramref name="minimum"/> at the last step.</summary>
    public static LearningRateSchedule Linear(long warmupSteps = 0, double minimum = 0) =>
        new(Named("linear", warmupSteps), true, (step, total) => step < warmupSteps ? Warm(step, warmupSteps) : 1 - (1 - minimum) * Along(step, warmupSteps, total),
            NotNegative(nameof(warmupSteps), warmupSteps), Share(nameof(minimum), minimum));

    /// <summary>Rises linearly, then falls as (1 - t)^<paramref name="power"/>, t going from 0 to 1 at the last step.</summary>
    public static LearningRateSchedule Polynomial(double power = 2, long warmupSteps = 0) =>
        new(Named("polynomial", warmupSteps), true, (step, total) => step < warmupSteps ? Warm(step, warmupSteps) : Math.Pow(1 - Along(step, warmupSteps, total), power),
            NotNegative(nameof(warmupSteps), warmupSteps), power > 0 ? null : Wrong(nameof(power), power, "greater than 0"));

    /// <summary>Times <paramref name="gamma"/> every <paramref name="everySteps"/> steps.</summary>
    public static LearningRateSchedule StepDecay(long everySteps, double gamma = 0.1) =>
        new($"step decay, every {everySteps}", false, (step, _) => Math.Pow(gamma, Math.Floor(step / everySteps)),
            everySteps >= 1 ? null : Wrong(nameof(everySteps), everySteps, "at least 1"), Share(nameof(gamma), gamma));

    /// <summary>Times <paramref name="gamma"/> at every step.</summary>
    public static LearningRateSchedule Exponential(double gamma) =>
        new("exponential", false, (step, _) => Math.Pow(gamma, step), Share(nameof(gamma), gamma));

    /// <summary>Rises linearly over <paramref name="warmupSteps"/> steps, then falls as 1 / √step (Vaswani et al. 2017, scaled to peak at 1).</summary>
    public static LearningRateSchedule InverseSquareRoot(long warmupSteps) =>
        new(Named("inverse square root", warmupSteps), false, (step, _) => step < warmupSteps ? Warm(step, warmupSteps) : Math.Sqrt(warmupSteps / (step + 1)),
            warmupSteps >= 1 ? null : Wrong(nameof(warmupSteps), warmupSteps, "at least 1"));

    /// <summary>One cycle (Smith and Topin 2019, cosine): from 1 / <paramref name="startDivisor"/> up over <paramref name="riseShare"/> of the steps, then down to 1 / (<paramref name="startDivisor"/> · <paramref name="endDivisor"/>).</summary>
    public static LearningRateSchedule OneCycle(double riseShare = 0.3, double startDivisor = 25, double endDivisor = 1e4) =>
        new("one cycle", true, (step, total) =>
        {
            double peak = Math.Max(1, riseShare * total - 1);
            return step <= peak ? Between(1 / startDivisor, 1, step / peak) : Between(1, 1 / (startDivisor * endDivisor), Along(step, peak, total));
        }, riseShare is > 0 and < 1 ? null : Wrong(nameof(riseShare), riseShare, "between 0 and 1"),
            startDivisor >= 1 ? null : Wrong(nameof(startDivisor), startDivisor, "at least 1"), endDivisor >= 1 ? null : Wrong(nameof(endDivisor), endDivisor, "at least 1"));

    /// <summary>Times <paramref name="factor"/> each time that <paramref name="patience"/> validations in a row brought no better one.</summary>
    public static LearningRateSchedule OnPlateau(double factor = 0.1, int patience = 5) =>
        new($"on plateau, patience {patience}", false, (_, _) => 1, Share(nameof(factor), factor), patience >= 1 ? null : Wrong(nameof(patience), patience, "at least 1"))
        { Plateau = (factor, patience) };

    /// <summary>The factor at a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="totalSteps">Steps that there will be; only some schedules look at it.</param>
    public double Factor(long step, long totalSteps) => _factor(step, totalSteps);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal IEnumerable<string> Validate() => _problems;

    // The first step already learns: step 0 of w has 1/w.
    private static double Warm(double step, double warmup) => step < warmup ? (step + 1) / warmup : 1;

    private static double Along(double step, double from, double total) => Math.Clamp((step - from) / Math.Max(1, total - 1 - from), 0, 1);

    private static double Between(double from, double to, double share) => to + (from - to) * 0.5 * (1 + Math.Cos(Math.PI * share));

    private static string Named(string name, long warmup) => warmup > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}, {warmup} warm-up") : name;

    private static string? NotNegative(string name, long value) => value >= 0 ? null : Wrong(name, value, "0 or more");

    private static string? Share(string name, double value) => value is >= 0 and <= 1 ? null : Wrong(name, value, "0 to 1");

    private static string Wrong(string name, IFormattable value, string allowed) => $"Schedule: {name} is {value.ToString(null, CultureInfo.InvariantCulture)}; allowed is {allowed}.";
}
