using Workbench.Charts;

namespace Workbench.Drift.Text;

/// <summary>What changed in the texts of a column: words with their counts, never a text. The verdict is in the column's tests.</summary>
public sealed record TextDrift
{
    /// <summary>Part of the current words that the reference lacks, each word once a row; in [0, 1].</summary>
    public required double NewWordShare { get; init; }
    /// <summary>The same for further texts like the reference's, by the words that occur in one row of it (Good 1953).</summary>
    public required double ExpectedNewWordShare { get; init; }
    /// <summary>Words that only the current texts have, the most surprising first; function words of known languages are left out.</summary>
    public IReadOnlyList<WordChange> NewWords { get; init; } = [];
    /// <summary>Words that only the reference has, the most surprising first.</summary>
    public IReadOnlyList<WordChange> VanishedWords { get; init; } = [];
    /// <summary>Words of both sides that became more or less common, the most surprising first.</summary>
    public IReadOnlyList<WordChange> MovedWords { get; init; } = [];
    /// <summary>Part of the texts in each language, the commonest first, also unknown.</summary>
    public IReadOnlyList<ShareChange> Languages { get; init; } = [];
    /// <summary>Part of the characters of each kind, the commonest first.</summary>
    public IReadOnlyList<ShareChange> Characters { get; init; } = [];
    /// <summary>Mean lengths: characters, words, characters a word, and tokens a word with a tokenizer.</summary>
    public IReadOnlyList<MeanChange> Lengths { get; init; } = [];
    /// <summary>Lower end of the 95 % interval of the classifier's area under the curve; null with too few texts.</summary>
    public double? ClassifierLower { get; init; }
    /// <summary>Upper end of it.</summary>
    public double? ClassifierUpper { get; init; }
    /// <summary>What changed, in a sentence or two.</summary>
    public required string Sentence { get; init; }
    /// <summary>What a reader must know about the numbers, or null.</summary>
    public string? Note { get; init; }

    /// <summary>New and moved words, languages and characters.</summary>
    /// <param name="column">Name of the column, for the titles.</param>
    public IReadOnlyList<PlotlyFigure> ToFigures(string column) => TextFigures.Of(column, this);
}
