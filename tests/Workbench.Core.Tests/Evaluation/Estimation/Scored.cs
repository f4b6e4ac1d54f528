namespace Workbench.Core.Tests.Evaluation.Estimation;

/// <summary>
/// Scores and labels whose relation never changes: only the inputs move by <c>shift</c>. The scores are too sure of
/// themselves (their logits are half as large again as the true ones), as networks' are.
/// </summary>
internal static class Scored
{
    public static (float[] Probabilities, float[] Labels) Binary(int seed, int rows, double shift, double sureness = 1.5)
    {
        var random = new Random(seed);
        var (probabilities, labels) = (new float[rows], new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            double logit = 1.2 * (Bell(random) + shift) - 0.5;
            probabilities[row] = (float)Sigmoid(sureness * logit);
            labels[row] = random.NextDouble() < Sigmoid(logit) ? 1 : 0;
        }
        return (probabilities, labels);
    }

    public static (float[] Probabilities, float[] Labels) Multiclass(int seed, int rows, double shift)
    {
        var random = new Random(seed);
        var (probabilities, labels) = (new float[3 * rows], new float[rows]);
        for (int row = 0; row < rows; row++)
        {
            double[] logits = [Bell(random) + shift, Bell(random), 1.5 * Bell(random) - shift];
            double[] truth = Softmax(logits, 1), said = Softmax(logits, 1.4);
            double draw = random.NextDouble();
            labels[row] = draw < truth[0] ? 0 : draw < truth[0] + truth[1] ? 1 : 2;
            for (int c = 0; c < 3; c++)
                probabilities[3 * row + c] = (float)said[c];
        }
        return (probabilities, labels);
    }

    public static double Bell(Random random) => Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;

    private static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));

    private static double[] Softmax(double[] logits, double sureness)
    {
        double[] powers = Array.ConvertAll(logits, logit => Math.Exp(sureness * logit));
        return Array.ConvertAll(powers, power => power / powers.Sum());
    }
}
