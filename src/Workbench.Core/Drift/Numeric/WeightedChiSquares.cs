namespace Workbench.Drift.Numeric;

/// <summary>
/// The upper tail of Σ λᵢ Zᵢ² with independent standard normal Zᵢ, by Smirnov's formula
/// (1/π) Σ (-1)^(k+1) ∫ e^(-xs) / (s √|D(s)|) ds over the intervals between the (2k-1)-th and the 2k-th root of
/// D(s) = Π (1 - 2 λᵢ s) (Smirnov 1937; Slepian 1958, J. Soc. Indust. Appl. Math. 6, 125-140). All its terms are known to
/// full relative precision, so that small tails are too.
/// </summary>
internal static class WeightedChiSquares
{
    private const int Nodes = 48;
    // e^-40 is below rounding.
    private const double Negligible = 40;

    /// <summary>λᵢ = 1/(π² i²): the limit of the Cramér-von Mises statistic, where D(u²/2) = sin u / u.</summary>
    public static double CramerVonMises(double x)
    {
        if (x < 0.004)
            return 1; // 1 less 1e-13
        double sum = 0;
        for (int k = 1; x * Square((2 * k - 1) * Math.PI) / 2 < Negligible || k == 1; k++)
        {
            double from = (2 * k - 1) * Math.PI;
            // With s = u²/2, ds / s = 2 du / u.
            double part = Chebyshev(from, from + Math.PI, (u, ends) => Math.Exp(-x * u * u / 2) * Math.Sqrt(u * ends / Math.Abs(Math.Sin(u))) * 2 / u);
            sum += k % 2 == 1 ? part : -part;
        }
        return Math.Clamp(sum / Math.PI, 0, 1);
    }

    /// <summary>P(Σ λᵢ Zᵢ² ≥ x); the weights are positive, different and descending.</summary>
    public static double Survival(double x, IReadOnlyList<double> weights)
    {
        if (x <= 0)
            return 1;
        double sum = 0;
        for (int k = 0; k < weights.Count; k += 2)
        {
            double from = 1 / (2 * weights[k]);
            if (x * from > Negligible && k > 0)
                break;
            double part = k + 1 < weights.Count ? Between(x, weights, from, 1 / (2 * weights[k + 1])) : Beyond(x, weights, from);
            sum += k % 4 == 0 ? part : -part;
        }
        return Math.Clamp(sum / Math.PI, 0, 1);
    }

    private static double Between(double x, IReadOnlyList<double> weights, double from, double to) =>
        Chebyshev(from, to, (s, ends) => Math.Exp(-x * s) / s * Math.Sqrt(ends / Math.Abs(D(s, weights))));

    // The last interval of an odd number has no end: with s = from + y²/x the integrand is even and falls like e^(-y²), where
    // the trapezoidal rule converges fastest.
    private static double Beyond(double x, IReadOnlyList<double> weights, double from)
    {
        const double step = 0.05;
        double sum = 0;
        for (double y = step / 2; y < 6.5; y += step)
        {
            double s = from + y * y / x;
            sum += Math.Exp(-x * from - y * y) / s * 2 * y / x / Math.Sqrt(Math.Abs(D(s, weights)));
        }
        return sum * step;
    }

    private static double D(double s, IReadOnlyList<double> weights)
    {
        double product = 1;
        foreach (double weight in weights)
            product *= 1 - 2 * weight * s;
        return product;
    }

    // ∫ f / √((s - from)(to - s)) ds by Gauss and Chebyshev; f gets s and the (s - from)(to - s) that cancels its own poles.
    private static double Chebyshev(double from, double to, Func<double, double, double> f)
    {
        double middle = (from + to) / 2, half = (to - from) / 2, sum = 0;
        for (int i = 0; i < Nodes; i++)
        {
            double angle = (i + 0.5) * Math.PI / Nodes, sin = Math.Sin(angle);
            sum += f(middle + half * Math.Cos(angle), half * half * sin * sin);
        }
        return sum * Math.PI / Nodes;
    }

    private static double Square(double x) => x * x;
}
