namespace Workbench.Drift.Text;

/// <summary>How text columns are compared.</summary>
public sealed class TextOptions
{
    /// <summary>Counts the tokens of a text, such as a language model's tokenizer; null leaves tokens per word out. It is called from several threads.</summary>
    public Func<string, int>? Tokenizer { get; init; }
    /// <summary>A word is listed only when at least so many rows of a side have it, so that no report tells what single people wrote; default 3, at least 1.</summary>
    public int LeastRows { get; init; } = 3;
    /// <summary>Words listed of each kind; default 50.</summary>
    public int ListedWords { get; init; } = 50;
    /// <summary>Different words counted of a side; beyond it the rarest are only remembered as seen. Default 200,000, about 20 MB; at least 1,000.</summary>
    public int Vocabulary { get; init; } = 200_000;
    /// <summary>Texts of a side, drawn at random, that the classifier learns from; default 10,000, at least 10.</summary>
    public int SampleRows { get; init; } = 10_000;

    internal IEnumerable<string> Findings()
    {
        if (LeastRows < 1)
            yield return $"Text.LeastRows is {LeastRows}; allowed: 1 and more.";
        if (ListedWords < 0)
            yield return $"Text.ListedWords is {ListedWords}; allowed: 0 and more.";
        if (Vocabulary < 1000)
            yield return $"Text.Vocabulary is {Vocabulary}; allowed: 1,000 and more.";
        if (SampleRows < 10)
            yield return $"Text.SampleRows is {SampleRows}; allowed: 10 and more.";
    }
}
