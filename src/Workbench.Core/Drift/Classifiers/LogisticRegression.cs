using System.Numerics.Tensors;

namespace Workbench.Drift.Classifiers;

/// <summary>
/// Logistic regression of two classes that count alike whatever their sizes, by stochastic gradient descent with a step
/// of its own for each weight (Adagrad: Duchi, Hazan and Singer 2011, J. Mach. Learn. Res. 12, 2121-2159), the mean of
/// the weights of the last epoch. Same rows and seed, same weights.
/// </summary>
internal sealed class LogisticRegression
{
    private const int Epochs = 6;
    private const float Step = 0.1f;
    private const float Decay = 1e-4f;
    private const float Tiny = 1e-6f;

    private readonly float[] _weights;
    private readonly float[] _squares;
    private readonly float[] _mean;
    private float _bias, _biasSquares;
    private double _meanBias;

    private LogisticRegression(int width) => (_weights, _squares, _mean) = (new float[width], new float[width], new float[width]);

    /// <summary>[Width] the change of the logit that one unit of a feature makes.</summary>
    public ReadOnlySpan<float> Weights => _mean;

    /// <summary>Trains on the <paramref name="chosen"/> rows.</summary>
    public static LogisticRegression Train(FeatureRows rows, bool[] isPositive, int[] chosen, int seed, CancellationToken cancellationToken)
    {
        var model = new LogisticRegression(rows.Width);
        var random = new Random(seed);
        var order = (int[])chosen.Clone();
        int positives = chosen.Count(row => isPositive[row]);
        float positiveWeight = order.Length / (2f * Math.Max(1, positives)), negativeWeight = order.Length / (2f * Math.Max(1, order.Length - positives));
        for (int epoch = 1; epoch <= Epochs; epoch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle(order);
            foreach (int row in order)
            {
                model.Learn(rows, row, isPositive[row], isPositive[row] ? positiveWeight : negativeWeight);
                if (epoch == Epochs && !rows.IsSparse)
                    model.Remember(order.Length);
            }
        }
        if (rows.IsSparse)
        {
            // Hashed words: each weight moves seldom, so that the last weights are as good as their mean, which would cost the width a row.
            model._weights.CopyTo(model._mean, 0);
            model._meanBias = model._bias;
        }
        return model;
    }

    /// <summary>The logit of a row.</summary>
    public double Score(FeatureRows rows, int row) => _meanBias + Dot(_mean, rows, row);

    private void Learn(FeatureRows rows, int row, bool isPositive, float weight)
    {
        double logit = _bias + Dot(_weights, rows, row);
        float error = (float)((1 / (1 + Math.Exp(-logit))) - (isPositive ? 1 : 0)) * weight;
        _biasSquares += error * error;
        _bias -= Step * error / (MathF.Sqrt(_biasSquares) + Tiny);
        if (rows.IsSparse)
            LearnSparse(rows.Indices(row), rows.Values(row), error);
        else
            LearnDense(rows.Values(row), error);
    }

    private void LearnSparse(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, float error)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            int feature = indices[i];
            float gradient = error * values[i] + Decay * _weights[feature];
            _squares[feature] += gradient * gradient;
            _weights[feature] -= Step * gradient / (MathF.Sqrt(_squares[feature]) + Tiny);
        }
    }

    private void LearnDense(ReadOnlySpan<float> values, float error)
    {
        for (int feature = 0; feature < values.Length; feature++)
        {
            float gradient = error * values[feature] + Decay * _weights[feature];
            _squares[feature] += gradient * gradient;
            _weights[feature] -= Step * gradient / (MathF.Sqrt(_squares[feature]) + Tiny);
        }
    }

    private void Remember(int rows)
    {
        TensorPrimitives.MultiplyAdd(_weights, 1f / rows, _mean, _mean);
        _meanBias += _bias / (double)rows;
    }

    private static float Dot(float[] weights, FeatureRows rows, int row)
    {
        if (!rows.IsSparse)
            return TensorPrimitives.Dot(weights, rows.Values(row));
        var indices = rows.Indices(row);
        var values = rows.Values(row);
        float sum = 0;
        for (int i = 0; i < indices.Length; i++)
            sum += weights[indices[i]] * values[i];
        return sum;
    }
}
