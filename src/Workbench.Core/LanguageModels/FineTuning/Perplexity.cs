using Workbench.Data;
using Workbench.Tensors;
using Workbench.Training;
using Workbench.Training.Native;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Measures how well a model predicts texts, by windows that slide over each document.</summary>
public static class Perplexity
{
    /// <summary>Measures. Each token but a document's first is predicted once, from up to <paramref name="context"/> before it.</summary>
    /// <param name="model">The model; it is in eval mode meanwhile, and comes back as it was.</param>
    /// <param name="documents">The texts.</param>
    /// <param name="context">Tokens a window, at least 2.</param>
    /// <param name="stride">
    /// Tokens from one window to the next, 1 to <paramref name="context"/>; null is the context: the cheapest, where a window's first
    /// tokens are guessed from little. Half the context doubles the time and comes near to what the model can.
    /// </param>
    /// <param name="batchSize">Windows at once, at least 1.</param>
    /// <param name="precision">What to compute with. Default float32.</param>
    /// <param name="cancellationToken">Ends the measuring.</param>
    /// <exception cref="DataException">No token is to be predicted.</exception>
    public static PerplexityResult Measure(
        CausalLanguageModel model, IReadOnlyList<TokenDocument> documents, int context, int? stride = null, int batchSize = 8,
        TrainingPrecision precision = TrainingPrecision.Float32, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (stride < 1 || stride > context)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"The stride must lie between 1 and the context, {context}.");
        bool wasTraining = model.training;
        var device = model.parameters().First().device;
        model.eval();
        try
        {
            using var gradients = no_grad();
            double sum = 0;
            long tokens = 0;
            foreach (var rows in TokenRow.Cut(documents, context, stride ?? context).OrderByDescending(piece => piece.Length).Select(Row).Chunk(batchSize))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                using var batch = TokenRow.ToBatch(rows, device);
                using (Autocast.Begin(device.type, precision))
                    sum += LanguageModelLoss.Sum(model, batch).ToNumber();
                tokens += (long)batch.Weight;
            }
            return tokens > 0 ? new(sum / tokens, tokens)
                : throw new DataException($"There is nothing to predict in {documents.Count} documents: one takes two tokens or more.");
        }
        finally
        {
            model.train(wasTraining);
        }
    }

    private static TokenRow Row(TokenPiece piece)
    {
        var row = new TokenRow();
        row.Add(piece);
        return row;
    }
}
