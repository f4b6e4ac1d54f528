namespace Workbench.LanguageModels.FineTuning;

/// <summary>How well a model predicts a text.</summary>
/// <param name="MeanLoss">Mean negative log-likelihood of a token, in nats. Lower is better.</param>
/// <param name="Tokens">Tokens that were predicted.</param>
public sealed record PerplexityResult(double MeanLoss, long Tokens)
{
    /// <summary>exp of the mean loss: as unsure as a die with so many faces. At least 1; lower is better. Compare only numbers of one tokenizer.</summary>
    public double Value => Math.Exp(MeanLoss);
}
