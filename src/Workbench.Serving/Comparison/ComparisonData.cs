using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Workbench.Data;
using Workbench.Features;

namespace Workbench.Serving.Comparison;

/// <summary>The one split that every candidate sees.</summary>
/// <param name="Fitting">Rows to learn from.</param>
/// <param name="Validation">Rows that say when to stop; also their share of what a candidate may look at.</param>
/// <param name="Holdout">Rows to be judged by; no candidate sees them.</param>
public sealed record ComparisonData(TabularData Fitting, TabularData Validation, TabularData Holdout)
{
    /// <summary>Splits rows by the hash of their id (<see cref="TabularSplit.ByHash"/>), twice.</summary>
    /// <param name="rows">Rows whose schema names an id.</param>
    /// <param name="holdout">Share of ids to judge by, in (0, 1).</param>
    /// <param name="validation">Share of the other ids that say when to stop, in (0, 1).</param>
    /// <exception cref="DataException">The rows have no ids, or a side would be empty.</exception>
    public static ComparisonData Split(TabularData rows, double holdout = 0.2, double validation = 0.15)
    {
        var (training, judged) = TabularSplit.ByHash(rows, holdout);
        var (fitting, stopping) = TabularSplit.ByHash(training, validation, "validation");
        return new(fitting, stopping, judged);
    }

    /// <summary><c>sha256:</c> and the hash over all values of the three sides in their order: two comparisons with one hash saw the same rows.</summary>
    public string SplitHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, side) in new[] { ("fitting", Fitting), ("validation", Validation), ("holdout", Holdout) })
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{side.Rows}\n{string.Join('\n', side.Schema.Inputs.Append(side.Schema.Label))}\n"));
            hash.AppendData(MemoryMarshal.AsBytes<float>(side.Numeric));
            hash.AppendData(MemoryMarshal.AsBytes<float>(side.Labels));
            // A length before each text, so that no two rows of texts run into the same bytes.
            foreach (string? text in side.Categorical)
                hash.AppendData(Encoding.UTF8.GetBytes(text is null ? "-\n" : $"{text.Length}\n{text}\n"));
        }
        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
