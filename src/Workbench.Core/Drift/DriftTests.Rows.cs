using Workbench.Drift.Embeddings;
using Workbench.Drift.Kernels;
using Workbench.Drift.Presets;
using Workbench.Drift.Text;

namespace Workbench.Drift;

/// <summary>Tests of texts, embeddings and rows of several numbers. What they sample they draw with a fixed seed.</summary>
public static partial class DriftTests
{
    /// <summary>By name.</summary>
    internal static IReadOnlyList<NamedTest> OfRows =>
    [
        new("text-classifier", () => TextClassifier()),
        new("new-words", () => NewWords()),
        new("language", () => Language()),
        new("text-length", () => TextLength()),
        new("word-length", () => WordLength()),
        new("tokens-per-word", () => TokensPerWord()),
        new("characters", () => CharacterMix()),
        new("mean-shift", () => MeanShift()),
        new("mean-distance", () => MeanDistance()),
        new("mean-cosine", () => MeanCosine()),
        new("component-ratio", () => ComponentRatio()),
        new("embedding-classifier", () => EmbeddingClassifier()),
        new("mmd", () => Mmd()),
        new("mmd-linear", () => MmdLinear()),
        new("lsdd", () => Lsdd()),
    ];

    /// <summary>
    /// Text. Area under the curve with which a classifier of words and pairs of words (logistic regression over hashed
    /// features, cross-validated over five parts, at most <see cref="TextOptions.SampleRows"/> texts a side) tells the sides
    /// apart: 0.5 is chance, 1 is perfect. p-value one-sided after DeLong; the effect size is 2 · area - 1.
    /// </summary>
    /// <param name="threshold">Drift at or above it; in (0.5, 1]. Evidently's is 0.55.</param>
    /// <param name="confirmLevel">The adjusted p-value must also be at or below it; null: need not.</param>
    public static DriftTest TextClassifier(double threshold = 0.6, double? confirmLevel = 0.05) => Area(new()
    {
        Name = "text-classifier",
        Threshold = threshold,
        ConfirmLevel = confirmLevel,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = pair => pair.Classifier,
    });

    /// <summary>
    /// Text. By how much the part of words that the reference lacks (each word once a text) exceeds what further texts of the
    /// reference would have, which the words that occur in one text tell (Good 1953). The effect size is that part itself,
    /// the out-of-vocabulary rate.
    /// </summary>
    /// <param name="threshold">Drift at or above it; in (0, 1).</param>
    /// <param name="confirmLevel">The adjusted p-value must also be at or below it; null: need not.</param>
    public static DriftTest NewWords(double threshold = 0.05, double? confirmLevel = 0.05) => Limited(new()
    {
        Name = "new-words",
        Threshold = threshold,
        ConfirmLevel = confirmLevel,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = TextMeasures.NewWords,
    });

    /// <summary>Text. The largest change of a language's share of the texts, unknown among them, in [0, 1]; p-value of chi-squared.</summary>
    /// <param name="threshold">Drift at or above it; in (0, 1).</param>
    /// <param name="confirmLevel">The adjusted p-value must also be at or below it; null: need not.</param>
    public static DriftTest Language(double threshold = 0.1, double? confirmLevel = 0.05) => Limited(new()
    {
        Name = "language",
        Threshold = threshold,
        ConfirmLevel = confirmLevel,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = TextMeasures.Languages,
    });

    /// <summary>Text. Wasserstein distance of the words a text, in standard deviations of the reference; p-value of Kolmogorov-Smirnov.</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    /// <param name="confirmLevel">The adjusted p-value must also be at or below it; null: need not.</param>
    public static DriftTest TextLength(double threshold = 0.2, double? confirmLevel = 0.05) => Limited(new()
    {
        Name = "text-length",
        Threshold = threshold,
        ConfirmLevel = confirmLevel,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = pair => TextMeasures.Values(pair.Reference.LengthInWords, pair.Current.LengthInWords, "words a text"),
    });

    /// <summary>Text. As <see cref="TextLength"/>, of the characters a word.</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest WordLength(double threshold = 0.2) => Limited(new()
    {
        Name = "word-length",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = pair => TextMeasures.Values(pair.Reference.CharactersPerWord, pair.Current.CharactersPerWord, "characters a word"),
    });

    /// <summary>Text. As <see cref="TextLength"/>, of a tokenizer's tokens a word, which rise when a model's vocabulary no longer fits. Needs <see cref="TextOptions.Tokenizer"/>.</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest TokensPerWord(double threshold = 0.2) => Limited(new()
    {
        Name = "tokens-per-word",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = pair => TextMeasures.Values(pair.Reference.TokensPerWord, pair.Current.TokensPerWord, "tokens a word"),
    });

    /// <summary>Text. Jensen-Shannon distance (base 2, in [0, 1]) of the characters: letters by script, digits, punctuation, spaces, symbols, emoji.</summary>
    /// <param name="threshold">Drift at or above it; in (0, 1).</param>
    public static DriftTest CharacterMix(double threshold = 0.1) => Limited(new()
    {
        Name = "characters",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Texts = TextMeasures.CharacterMix,
    });

    /// <summary>
    /// Embedding. Distance of the two mean vectors in spreads of the reference (root of its total variance), less what chance
    /// makes of it with so many rows; whatever the scale of the vectors.
    /// </summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest MeanShift(double threshold = 0.2) => Limited(new()
    {
        Name = "mean-shift",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Vectors = EmbeddingMeasures.Shift,
    });

    /// <summary>Embedding. Euclidean distance of the two mean vectors of all rows, in the unit of the components (Evidently's default, 0.2).</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest MeanDistance(double threshold = 0.2) => Limited(new()
    {
        Name = "mean-distance",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Vectors = EmbeddingMeasures.Euclidean,
    });

    /// <summary>Embedding. 1 - cosine of the angle between the two mean vectors of all rows, in [0, 2].</summary>
    /// <param name="threshold">Drift at or above it; positive.</param>
    public static DriftTest MeanCosine(double threshold = 0.2) => Limited(new()
    {
        Name = "mean-cosine",
        Threshold = threshold,
        Direction = DriftDirection.StatisticAtOrAbove,
        Vectors = EmbeddingMeasures.Cosine,
    });

    /// <summary>Embedding. Part of the components whose Wasserstein distance in standard deviations is at least a limit, in [0, 1].</summary>
    /// <param name="threshold">Drift at or above it; in (0, 1].</param>
    /// <param name="componentLimit">Of one component; positive.</param>
    public static DriftTest ComponentRatio(double threshold = 0.2, double componentLimit = 0.1)
    {
        if (!(componentLimit > 0 && double.IsFinite(componentLimit)))
            throw new ArgumentOutOfRangeException(nameof(componentLimit), componentLimit, "The limit of a component's distance is positive and finite.");
        return Limited(new()
        {
            Name = "component-ratio",
            Threshold = threshold,
            Direction = DriftDirection.StatisticAtOrAbove,
            Vectors = pair => EmbeddingMeasures.ComponentRatio(pair, componentLimit),
        });
    }

    /// <summary>Embedding. As <see cref="TextClassifier"/>, of a logistic regression over the components.</summary>
    /// <param name="threshold">Drift at or above it; in (0.5, 1]. Evidently's is 0.55.</param>
    /// <param name="confirmLevel">The adjusted p-value must also be at or below it; null: need not.</param>
    public static DriftTest EmbeddingClassifier(double threshold = 0.6, double? confirmLevel = 0.05) => Area(new()
    {
        Name = "embedding-classifier",
        Threshold = threshold,
        ConfirmLevel = confirmLevel,
        Direction = DriftDirection.StatisticAtOrAbove,
        Vectors = EmbeddingMeasures.Classifier,
    });

    /// <summary>
    /// Numeric, embedding, many columns together. Maximum mean discrepancy: the unbiased MMD² of a Gaussian kernel whose
    /// bandwidth is the median distance of reference rows, over a sample, with a p-value by permutation (Gretton et al. 2012).
    /// The p-value is (1 + permutations at least as large) / (1 + permutations), so never 0 (Phipson and Smyth 2010); the
    /// effect size is MMD, in [0, √2].
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    /// <param name="permutations">At least 20.</param>
    /// <param name="rows">Rows drawn of each side; time and memory grow with their square: 1,000 take 32 MB.</param>
    public static DriftTest Mmd(double level = 0.05, int permutations = 100, int rows = 1000) =>
        Sampled("mmd", level, permutations, rows, (pair, random) => MeanDiscrepancy.Compare(pair, permutations, rows, random));

    /// <summary>As <see cref="Mmd"/> with a cost linear in the rows and a p-value from the normal distribution: for many rows and small drifts.</summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    /// <param name="rows">Rows drawn of each side.</param>
    public static DriftTest MmdLinear(double level = 0.05, int rows = 50_000) =>
        Sampled("mmd-linear", level, 100, rows, (pair, random) => MeanDiscrepancy.CompareLinear(pair, rows, random));

    /// <summary>
    /// Numeric, embedding, many columns together. Least-squares density difference over a sample, with a p-value by
    /// permutation as <see cref="Mmd"/>; choices of alibi-detect. The statistic lacks the kernel's factor (πσ²)^(d/2), as there.
    /// </summary>
    /// <param name="level">Drift when the adjusted p-value is at or below it; in (0, 1).</param>
    /// <param name="permutations">At least 20.</param>
    /// <param name="rows">Rows drawn of each side; a twentieth of the reference's are the kernel's centres.</param>
    public static DriftTest Lsdd(double level = 0.05, int permutations = 100, int rows = 1000) =>
        Sampled("lsdd", level, permutations, rows, (pair, random) => DensityDifference.Compare(pair, permutations, rows, random));

    /// <summary>The tests of a text or an embedding for which none were chosen; Evidently's own where its preset is asked for.</summary>
    internal static IReadOnlyList<DriftTest> PresetOfRows(DriftColumnKind kind, DriftOptions options) => (kind, options.Preset) switch
    {
        (DriftColumnKind.Text, DriftPreset.EvidentlyCompatible) => [TextClassifier(0.55, null) with { Direction = DriftDirection.StatisticAbove }],
        (DriftColumnKind.Embedding, DriftPreset.EvidentlyCompatible) => [MeanDistance(0.2) with { Direction = DriftDirection.StatisticAbove }],
        (DriftColumnKind.Text, _) => TextPreset(options.Text),
        _ => EmbeddingPreset(),
    };

    private static IReadOnlyList<DriftTest> TextPreset(TextOptions options) =>
    [
        TextClassifier(), NewWords(), Language(), TextLength(),
        WordLength() with { Role = DriftRole.Informs }, CharacterMix() with { Role = DriftRole.Informs },
        .. options.Tokenizer is null ? (DriftTest[])[] : [TokensPerWord() with { Role = DriftRole.Informs }],
    ];

    private static IReadOnlyList<DriftTest> EmbeddingPreset() =>
    [
        EmbeddingClassifier(), MeanShift(), Mmd() with { Role = DriftRole.Confirms },
        MeanDistance() with { Role = DriftRole.Informs }, MeanCosine() with { Role = DriftRole.Informs }, ComponentRatio() with { Role = DriftRole.Informs },
    ];

    private static DriftTest Sampled(string name, double level, int permutations, int rows, Func<VectorPair, Random, DriftMeasure> compare)
    {
        if (!(level > 0 && level < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, $"The level of '{name}' is a p-value and lies between 0 and 1, such as 0.05.");
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 10);
        return new()
        {
            Name = name,
            Threshold = level,
            Direction = DriftDirection.PValueAtOrBelow,
            Values = merged =>
            {
                var random = new Random(VectorPair.Seed);
                return compare(VectorPair.Of(merged, rows, random), random);
            },
            Vectors = pair => compare(pair, new Random(VectorPair.Seed)),
        };
    }

    private static DriftTest Area(DriftTest test) => test.Threshold is > 0.5 and <= 1
        ? test
        : throw new ArgumentOutOfRangeException("threshold", test.Threshold, $"The threshold of '{test.Name}' is an area under the curve above 0.5 (chance) up to 1, such as 0.6.");

    private static DriftTest Limited(DriftTest test) => test.Threshold > 0 && double.IsFinite(test.Threshold)
        ? test
        : throw new ArgumentOutOfRangeException("threshold", test.Threshold, $"The threshold of '{test.Name}' is positive and finite.");
}
