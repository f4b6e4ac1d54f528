namespace Workbench.Evaluation.Estimation;

/// <summary>Learns how large a model's error is on a row, from what the model was asked and what it said.</summary>
public interface IErrorRegressor
{
    /// <summary>Learns; called once.</summary>
    /// <param name="inputs">Row-major [N × F], finite; the last column is the model's prediction.</param>
    /// <param name="width">F.</param>
    /// <param name="losses">[N], finite and not negative.</param>
    /// <param name="cancellationToken">Stops the learning.</param>
    void Fit(float[] inputs, int width, double[] losses, CancellationToken cancellationToken = default);

    /// <summary>[N] expected losses; negative ones count as 0. May be called by several threads.</summary>
    /// <param name="inputs">Row-major [N × F] as for <see cref="Fit"/>.</param>
    double[] Predict(float[] inputs);
}
