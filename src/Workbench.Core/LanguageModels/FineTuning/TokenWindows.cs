using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Workbench.Features;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>
/// Batches of windows of documents for a language model: long documents are cut, short ones packed several into a row,
/// each seeing only itself and counting its positions from 0. A batch's weight is the number of tokens it predicts, so that
/// accumulated batches equal one large one. See <see cref="LanguageModelLoss"/> for what a batch holds.
/// </summary>
public sealed class TokenWindows : IBatchSource
{
    private readonly IReadOnlyList<TokenRow> _rows;
    private readonly IReadOnlyList<TokenRow> _oldRows;
    private readonly int _replayed;
    private readonly int _batchSize;
    private readonly long _seed;

    /// <summary>Cuts and packs.</summary>
    /// <param name="documents">To learn from.</param>
    /// <param name="context">Tokens a row, at least 2.</param>
    /// <param name="batchSize">Rows a batch, at least 1.</param>
    /// <param name="seed">Decides the order of each epoch; default 42.</param>
    /// <param name="packs">Whether short documents share a row (default); else each has one of its own, filled up.</param>
    /// <param name="oldDocuments">Documents of which each epoch replays a part of its own, against forgetting; null for none.</param>
    /// <param name="replayShare">Share of rows that are old, in [0, 1); default 0.</param>
    /// <exception cref="ArgumentException">An argument is out of range, or nothing is to be predicted.</exception>
    public TokenWindows(
        IReadOnlyList<TokenDocument> documents, int context, int batchSize, long seed = 42, bool packs = true,
        IReadOnlyList<TokenDocument>? oldDocuments = null, double replayShare = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (!(replayShare is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(replayShare), replayShare, "The share of old rows must be at least 0 and below 1.");
        _rows = Rows(documents, context, packs);
        if (_rows.Count == 0)
            throw new ArgumentException($"There is nothing to learn in {documents.Count} documents: a document takes two tokens or more, and one that is to be predicted.", nameof(documents));
        _oldRows = oldDocuments is null || replayShare == 0 ? [] : Rows(oldDocuments, context, packs);
        _replayed = (int)Math.Min(_oldRows.Count, Math.Round(_rows.Count * replayShare / (1 - replayShare)));
        (_batchSize, _seed) = (batchSize, seed);
        TargetTokens = _rows.Sum(row => row.Targets);
        Description = string.Create(CultureInfo.InvariantCulture,
            $"{_rows.Count} rows of {context} tokens ({Hash(documents)}), {_replayed} of {_oldRows.Count} old ones ({Hash(oldDocuments ?? [])}), batches of {batchSize}, {(packs ? "packed, " : "")}shuffled by {seed}");
    }

    /// <summary>New tokens that an epoch predicts.</summary>
    public long TargetTokens { get; }

    /// <summary>Rows an epoch, old ones included.</summary>
    public int RowCount => _rows.Count + _replayed;

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public long? BatchesPerEpoch => (RowCount + _batchSize - 1) / _batchSize;

    /// <inheritdoc/>
    public IEnumerable<Batch> Read(int epoch, long skip, Device device, CancellationToken cancellationToken = default)
    {
        var rows = _replayed == 0 ? _rows : [.. _rows, .. Shuffle.Order(_oldRows.Count, _seed + 1, epoch).Take(_replayed).Select(row => _oldRows[(int)row])];
        var order = Shuffle.Order(rows.Count, _seed, epoch);
        for (long first = skip * _batchSize; first < rows.Count; first += _batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(_batchSize, rows.Count - first);
            yield return TokenRow.ToBatch(Enumerable.Range(0, count).Select(i => rows[(int)order[first + i]]).ToList(), device);
        }
    }

    // Best fit, longest first: each piece goes where the least room is left over.
    private static IReadOnlyList<TokenRow> Rows(IReadOnlyList<TokenDocument> documents, int context, bool packs)
    {
        var rows = new List<TokenRow>();
        var byRoom = Enumerable.Range(0, context + 1).Select(_ => new Stack<TokenRow>()).ToArray();
        var pieces = TokenRow.Cut(documents, context, context);
        foreach (var piece in packs ? pieces.OrderByDescending(piece => piece.Length) : pieces)
        {
            int room = piece.Length;
            while (packs && room <= context && byRoom[room].Count == 0)
                room++;
            var row = packs && room <= context ? byRoom[room].Pop() : new TokenRow();
            if (row.Length == 0)
                rows.Add(row);
            row.Add(piece);
            byRoom[context - row.Length].Push(row);
        }
        return rows;
    }

    private static string Hash(IReadOnlyList<TokenDocument> documents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var document in documents)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>([document.Tokens.Count, .. document.Tokens]));
            if (document.IsTarget is { } targets)
                hash.AppendData(targets.Select(target => target ? (byte)1 : (byte)0).ToArray());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
