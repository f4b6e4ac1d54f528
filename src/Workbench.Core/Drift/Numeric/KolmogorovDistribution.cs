using MathNet.Numerics;

namespace Workbench.Drift.Numeric;

/// <summary>
/// The distribution of the one-sample Kolmogorov-Smirnov statistic D for N values, after the choice of methods by
/// Simard and L'Ecuyer (2011, J. Statist. Software 39, 11). Agrees with scipy.stats.kstwo.sf within 1e-6 of the value or
/// 1e-7 absolutely.
/// </summary>
internal static class KolmogorovDistribution
{
    // A sum of more terms is taken at so many of them: they change smoothly and vanish at both ends, where the trapezoidal
    // rule errs by less than rounding.
    private const int Terms = 1 << 14;

    /// <summary>P(D ≥ d) for <paramref name="n"/> values; n at least 1.</summary>
    public static double Survival(int n, double d)
    {
        double t = n * d, square = t * d;
        if (t <= 0.5)
            return 1;
        if (d >= 1 || square >= 370)
            return 0; // below 1e-320
        if (d >= 0.5 || square >= (n <= 140 ? 4 : 2.2))
            return Math.Min(1, 2 * OneSidedSurvival(n, d));
        return Math.Clamp(1 - (n <= 140 ? Durbin(n, d) : PelzGood(n, d)), 0, 1);
    }

    /// <summary>P(D⁺ ≥ d) = d Σ C(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j) over j ≤ n(1 - d) (Smirnov 1944; Birnbaum and Tingey 1951).</summary>
    private static double OneSidedSurvival(int n, double d)
    {
        double logFactorial = SpecialFunctions.GammaLn(n + 1.0), sum = 0;
        int step = Math.Max(1, n / Terms);
        for (long j = 0; j <= n * (1 - d); j += step)
        {
            double rest = 1 - d - (double)j / n;
            if (rest <= 0)
                break;
            double logTerm = logFactorial - SpecialFunctions.GammaLn(j + 1.0) - SpecialFunctions.GammaLn(n - j + 1.0)
                + (j - 1) * Math.Log(d + (double)j / n) + (n - j) * Math.Log(rest);
            sum += Math.Exp(logTerm);
        }
        return d * sum * step;
    }

    /// <summary>P(D &lt; d) as an element of the n-th power of a (2k-1)² matrix (Marsaglia, Tsang, Wang 2003, J. Statist. Software 8, 18).</summary>
    private static double Durbin(int n, double d)
    {
        int k = (int)(n * d) + 1, size = 2 * k - 1;
        double h = k - n * d;
        var power = Power(DurbinMatrix(size, h), n);
        double p = power[k - 1, k - 1];
        for (int i = 1; i <= n; i++)
            p *= (double)i / n;
        return p;
    }

    private static double[,] DurbinMatrix(int size, double h)
    {
        var matrix = new double[size, size];
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++)
                matrix[i, j] = i - j + 1 < 0 ? 0 : 1;
        for (int i = 0; i < size; i++)
        {
            matrix[i, 0] -= Math.Pow(h, i + 1);
            matrix[size - 1, i] -= Math.Pow(h, size - i);
        }
        matrix[size - 1, 0] += 2 * h - 1 > 0 ? Math.Pow(2 * h - 1, size) : 0;
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
                matrix[i, j] /= SpecialFunctions.Factorial(i - j + 1);
        return matrix;
    }

    private static double[,] Power(double[,] matrix, int exponent)
    {
        var result = Identity(matrix.GetLength(0));
        for (; exponent > 0; exponent /= 2)
        {
            if (exponent % 2 == 1)
                result = Multiply(result, matrix);
            matrix = Multiply(matrix, matrix);
        }
        return result;
    }

    private static double[,] Identity(int size)
    {
        var result = new double[size, size];
        for (int i = 0; i < size; i++)
            result[i, i] = 1;
        return result;
    }

    private static double[,] Multiply(double[,] a, double[,] b)
    {
        int size = a.GetLength(0);
        var result = new double[size, size];
        for (int i = 0; i < size; i++)
            for (int k = 0; k < size; k++)
                for (int j = 0; j < size; j++)
                    result[i, j] += a[i, k] * b[k, j];
        return result;
    }

    /// <summary>P(D &lt; d) as four terms in powers of 1/√n, from the theta functions (Pelz and Good 1976, J. R. Statist. Soc. B 38, 152-156).</summary>
    private static double PelzGood(int n, double d)
    {
        const double pi2 = Math.PI * Math.PI, pi4 = pi2 * pi2, pi6 = pi4 * pi2;
        double root = Math.Sqrt(n), z = root * d, z2 = z * z, z4 = z2 * z2, z6 = z4 * z2;
        double k0 = 0, k1 = 0, k2Odd = 0, k2Even = 0, k3Odd = 0, k3Even = 0;
        for (int j = 0; j <= 20; j++)
        {
            double o = (j + 0.5) * (j + 0.5), e = (double)j * j;
            double odd = Math.Exp(-o * pi2 / (2 * z2)), even = Math.Exp(-e * pi2 / (2 * z2));
            k0 += odd;
            k1 += (pi2 * o - z2) * odd;
            k2Odd += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * o + pi4 * (1 - 2 * z2) * o * o) * odd;
            k2Even += pi2 * e * even;
            k3Odd += (-30 * z6 - 90 * z6 * z2 + pi2 * (135 * z4 - 96 * z6) * o + pi4 * (212 * z4 - 60 * z2) * o * o
                + pi6 * (5 - 30 * z2) * o * o * o) * odd;
            k3Even += (3 * pi2 * z2 * e - pi4 * e * e) * even;
        }
        double half = Math.Sqrt(Math.PI / 2);
        return Math.Sqrt(2 * Math.PI) / z * k0
            + half / (3 * root * z4) * k1
            + half / n * (k2Odd / (36 * z * z6) - k2Even / (18 * z * z2))
            + half / (root * n) * (k3Odd / (3240 * z4 * z6) + k3Even / (108 * z6));
    }
}
