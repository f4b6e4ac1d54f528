namespace Workbench.Drift.Text;

/// <summary>How often a word occurs on both sides.</summary>
/// <param name="Word">In lower case.</param>
/// <param name="ReferenceRows">Reference texts with it.</param>
/// <param name="CurrentRows">Current texts with it.</param>
/// <param name="ReferenceShare">Part of the reference texts, in [0, 1].</param>
/// <param name="CurrentShare">Part of the current texts, in [0, 1].</param>
/// <param name="Surprise">Log-likelihood ratio 2 Σ o ln(o / e) of texts with and without it (Dunning 1993, Comput. Linguist. 19, 61-74); above 10.8 in one of a thousand words by chance.</param>
public sealed record WordChange(string Word, long ReferenceRows, long CurrentRows, double ReferenceShare, double CurrentShare, double Surprise);
