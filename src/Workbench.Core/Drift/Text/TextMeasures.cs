using System.Globalization;
using MathNet.Numerics;
using Workbench.Drift.Categorical;
using Workbench.Drift.Numeric;

namespace Workbench.Drift.Text;

/// <summary>What the text tests measure.</summary>
internal static class TextMeasures
{
    /// <summary>By how much the share of new words exceeds what further texts of the reference would have; its p-value from the normal distribution.</summary>
    public static DriftMeasure NewWords(TextPair pair)
    {
        var (share, variance) = pair.Current.NewShare();
        var (expected, expectedVariance) = pair.Reference.Words.Unseen();
        double excess = share - expected, deviation = Math.Sqrt(variance + expectedVariance);
        double pValue = deviation > 0 ? SpecialFunctions.Erfc(excess / deviation / Math.Sqrt(2)) / 2 : excess > 0 ? 0 : 1;
        return new(Math.Max(0, excess), pValue, share, string.Create(CultureInfo.InvariantCulture, $"{share:P1} of the words are new; {expected:P1} would be by chance."))
        {
            Exactness = pair.Reference.Words.RarestRows > 0 ? DriftExactness.Estimated : DriftExactness.Exact,
        };
    }

    /// <summary>Wasserstein distance in standard deviations of the reference, with the p-value of Kolmogorov-Smirnov.</summary>
    public static DriftMeasure Values(ValueCounts reference, ValueCounts current, string what)
    {
        if (reference.Count == 0 || current.Count == 0)
            return new(0, 1, 0, $"Not measured: a side has no {what}.");
        var merged = ValueCounts.Merge(reference, current);
        double n = merged.ReferenceCount, m = merged.CurrentCount, distance = 0, gap = 0, f = 0, g = 0, squares = 0;
        for (int i = 0; i < merged.Values.Length; i++)
        {
            f += merged.Reference[i] / n;
            g += merged.Current[i] / m;
            gap = Math.Max(gap, Math.Abs(f - g));
            distance += i + 1 < merged.Values.Length ? Math.Abs(f - g) * (merged.Values[i + 1] - merged.Values[i]) : 0;
            squares += merged.Reference[i] / n * (merged.Values[i] - reference.Mean) * (merged.Values[i] - reference.Mean);
        }
        // A constant reference has no deviation; a tenth of its value stands for it.
        double deviation = squares > 1e-12 ? Math.Sqrt(squares) : Math.Max(0.1, Math.Abs(reference.Mean) / 10);
        double pValue = KolmogorovDistribution.Survival((int)Math.Max(1, Math.Round(n / (n + m) * m)), gap);
        return new(distance / deviation, pValue, gap, string.Create(CultureInfo.InvariantCulture, $"Mean {reference.Mean:G4} became {current.Mean:G4} {what}."));
    }

    /// <summary>The largest change of one language's share, with the p-value of chi-squared.</summary>
    public static DriftMeasure Languages(TextPair pair)
    {
        var table = LanguageTable(pair, out _);
        var chi2 = ContingencyTable.ChiSquared(table);
        return new(Divergence.LInfinity(table), chi2.PValue, chi2.EffectSize, chi2.Note);
    }

    /// <summary>Jensen-Shannon distance of the characters by script and class.</summary>
    public static DriftMeasure CharacterMix(TextPair pair)
    {
        var table = new ShareTable(pair.Reference.Characters.Counts, pair.Current.Characters.Counts);
        return table.ReferenceTotal == 0 || table.CurrentTotal == 0
            ? new(0, Note: "Not measured: a side has no characters.")
            : new(Divergence.JensenShannon(table));
    }

    public static ShareTable LanguageTable(TextPair pair, out IReadOnlyList<string> names)
    {
        names = [.. pair.Reference.Languages.Keys.Union(pair.Current.Languages.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new([.. names.Select(name => pair.Reference.Languages.GetValueOrDefault(name))], [.. names.Select(name => pair.Current.Languages.GetValueOrDefault(name))]);
    }
}
