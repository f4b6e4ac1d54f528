namespace Workbench.Drift.Classifiers;

/// <summary>Scores that every row gets from a model which has not seen it.</summary>
internal static class CrossValidation
{
    public const int Folds = 5;

    /// <summary>Fewest rows a side for which folds make sense.</summary>
    public const int LeastRows = 2 * Folds;

    // A row that few others equal is known from its equals: they share a part. Of many equal rows one more or less tells nothing.
    private const int MostEquals = 20;

    /// <summary>Splits both classes into <see cref="Folds"/> alike parts by <paramref name="seed"/> and pools the scores of all parts. Rows that are equal
    /// on both sides share a part: a model that had seen a row's twin on the other side would call it wrong, and equal sides
    /// would have an area far below 0.5.</summary>
    /// <param name="rows">The features.</param>
    /// <param name="isPositive">[N] the class of each row; each class has at least <see cref="Folds"/> rows.</param>
    /// <param name="seed">Of the split.</param>
    /// <param name="train">From the rows of the other parts to a function that scores a row.</param>
    public static AreaUnderCurve Area(FeatureRows rows, bool[] isPositive, int seed, Func<int[], Func<int, double>> train)
    {
        var folds = Split(rows, isPositive, seed);
        var scores = new double[isPositive.Length];
        for (int fold = 0; fold < Folds; fold++)
        {
            var score = train([.. Enumerable.Range(0, isPositive.Length).Where(row => folds[row] != fold)]);
            for (int row = 0; row < scores.Length; row++)
                if (folds[row] == fold)
                    scores[row] = score(row);
        }
        return AreaUnderCurve.Of(
            [.. scores.Where((_, row) => !isPositive[row])],
            [.. scores.Where((_, row) => isPositive[row])]);
    }

    // [N] the part of each row.
    private static int[] Split(FeatureRows features, bool[] isPositive, int seed)
    {
        var random = new Random(seed);
        var folds = new int[isPositive.Length];
        ulong[] hashes = [.. Enumerable.Range(0, isPositive.Length).Select(features.Hash)];
        var equals = hashes.GroupBy(hash => hash).Where(group => group.Skip(1).Any() && group.Count() <= MostEquals).ToDictionary(group => group.Key, _ => -1);
        foreach (bool side in (bool[])[false, true])
        {
            int[] rows = [.. Enumerable.Range(0, isPositive.Length).Where(row => isPositive[row] == side)];
            random.Shuffle(rows);
            for (int i = 0; i < rows.Length; i++)
            {
                folds[rows[i]] = i % Folds;
                if (!equals.TryGetValue(hashes[rows[i]], out int fold))
                    continue;
                if (fold >= 0)
                    folds[rows[i]] = fold;
                else
                    equals[hashes[rows[i]]] = folds[rows[i]];
            }
        }
        return folds;
    }
}
