using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Workbench.LanguageModels.FineTuning;

/// <summary>The words and tokens of texts.</summary>
internal sealed partial record TextCount(IReadOnlyDictionary<string, long> Words, long Total, long Tokens)
{
    public static TextCount Of(IEnumerable<string> texts, Tokenizer tokenizer)
    {
        var words = new Dictionary<string, long>(StringComparer.Ordinal);
        long total = 0, tokens = 0;
        foreach (string text in texts)
        {
            tokens += tokenizer.Encode(text, addSpecialTokens: false).Count;
            foreach (Match match in Word().Matches(text))
            {
                CollectionsMarshal.GetValueRefOrAddDefault(words, match.Value.ToLowerInvariant(), out _)++;
                total++;
            }
        }
        return new(words, total, tokens);
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*")]
    private static partial Regex Word();
}
