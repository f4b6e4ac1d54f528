using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>Pieces that lie side by side in one row of a batch, each seeing only itself.</summary>
internal sealed class TokenRow
{
    /// <summary>The target of a place that is not learned, as PyTorch's cross entropy has it.</summary>
    public const long Ignored = -100;

    private readonly List<TokenPiece> _pieces = [];

    /// <summary>Tokens in the row.</summary>
    public int Length { get; private set; }

    /// <summary>Tokens that are predicted.</summary>
    public long Targets { get; private set; }

    public void Add(TokenPiece piece)
    {
        _pieces.Add(piece);
        Length += piece.Length;
        Targets += piece.CountTargets();
    }

    /// <summary>Cuts documents into pieces of at most <paramref name="context"/> tokens, each beginning <paramref name="stride"/> after the one before, so that every target counts once.</summary>
    public static IEnumerable<TokenPiece> Cut(IEnumerable<TokenDocument> documents, int context, int stride)
    {
        foreach (var document in documents)
        {
            int last = document.Tokens.Count - 1, done = 0;
            for (int start = 0; done < last; start += stride)
            {
                var piece = new TokenPiece(document, start, Math.Min(context, last - start), done - start);
                done = start + piece.Length;
                if (piece.CountTargets() > 0)
                    yield return piece;
            }
        }
    }

    /// <summary>
    /// A batch: tokens and targets [B, T] int64; and where a row has several pieces, positions and the pieces' numbers [B, T].
    /// Rows are filled up on the right with zeros that nothing sees and nothing predicts.
    /// </summary>
    public static Batch ToBatch(IReadOnlyList<TokenRow> rows, Device device)
    {
        int time = rows.Max(row => row.Length);
        bool isPacked = rows.Any(row => row._pieces.Count > 1);
        var (tokens, targets) = (new long[rows.Count * time], new long[rows.Count * time]);
        var (positions, numbers) = (new long[isPacked ? tokens.Length : 0], new long[isPacked ? tokens.Length : 0]);
        Array.Fill(targets, Ignored);
        for (int row = 0; row < rows.Count; row++)
        {
            int place = row * time;
            for (int number = 0; number < rows[row]._pieces.Count; number++)
            {
                var piece = rows[row]._pieces[number];
                for (int i = 0; i < piece.Length; i++, place++)
                {
                    tokens[place] = piece.Document.Tokens[piece.Start + i];
                    targets[place] = piece.Target(i);
                    if (isPacked)
                        (positions[place], numbers[place]) = (i, number + 1);   // 0 is what fills up
                }
            }
        }
        Tensor OnDevice(long[] values)
        {
            using var scope = NewDisposeScope();
            return tensor(values, [rows.Count, time]).to(device).DetachFromDisposeScope();
        }
        return new([OnDevice(tokens), OnDevice(targets), .. isPacked ? new[] { OnDevice(positions), OnDevice(numbers) } : []], rowWeights: rows.Select(row => (double)row.Targets).ToList());
    }
}
