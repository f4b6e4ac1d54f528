using System.Runtime.InteropServices;
using CsCheck;
using Workbench.Core.Tests.Registry;
using Workbench.LanguageModels;
using Reference = Tokenizers.DotNet.Tokenizer;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Against Hugging Face's own tokenizers (the Rust library, through Tokenizers.DotNet), on the same tokenizer.json.</summary>
public sealed class TokenizerReferenceTests : IDisposable
{
    private static readonly string[] Texts =
    [
        "", " ", "Hello world", " leading and trailing ", "don't we'll I'M THEY'RE 'S", "tabs\tand\n\nnew\r\nlines   and    spaces \n  x",
        "12345 3.14159 2nd ½ ² Ⅷ ٣٤", "Größe naïve café", "cafe\u0301 e\u0323\u0302 A\u030A \u1100\u1161\u11A8", "東京の価格は高い。", "привет, мир!", "👍🏽 👩‍👩‍👧‍👦 flags 🇫🇷",
        "𠀀𠀁a𠀀 𝐀𝐁𝐜 𝟙𝟚 x𝟙", "a\u00A0b\u3000c\u2028d\u0085e", "<|endoftext|>text<|begin_of_text|> <s>x</s>", "a <tool> b<tool>er  <left> c <right>  d", "wholeword awholeword wholewords wholeword.",
        "(one).(two)!!??;;three;4567", "▁already▁marked ▁", "  double  ", "\u200Bzero\u200Dwidth\uFEFF", "mixed 漢字kana かな 한국어 ไทย العربية हिन्दी", "ﬁ ligature K Å Ω ſ's",
    ];

    private static readonly string[] Parts =
    [
        "a", "e", "the", " ", "  ", "\n", "\r\n", "\t", "1", "23", "'s", "'LL", ".", "!", "(", ";", "é", "e\u0301", "\u0323", "東", "高", "и", "👍", "𠀀", "𝐀", "𝟙", "ß", "\u00A0",
        "▁", "<s>", "<tool>", "<tool>er", "<left>", "<right>", "wholeword", "<|endoftext|>", "<", "|", "_", "क", "्", "\u1161", "\u200D", "½", "İ", "Ⓐ", "🄰",
    ];

    private static readonly Gen<string> AnyText = Gen.Int[0, Parts.Length - 1].List[0, 24].Select(picks => string.Concat(picks.Select(i => Parts[i])));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names { get; } = new(SampleTokenizers.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_AnyText_GivesTheReferencesIds(string name)
    {
        var (ours, reference) = Both(name);
        foreach (string text in Texts)
            AssertSame(ours, reference, text);
        AnyText.Sample(text => AssertSame(ours, reference, text), iter: 400, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_AnyIds_GivesTheReferencesText(string name)
    {
        var (ours, reference) = Both(name);
        foreach (string text in Texts)
            AssertSameText(ours, reference, ours.Encode(text));
        Gen.Int[0, ours.VocabularySize - 1].List[0, 12].Sample(ids => AssertSameText(ours, reference, ids), iter: 400, threads: 1);
    }

    public void Dispose() => _folder.Dispose();

    private (Tokenizer Ours, Reference Reference) Both(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64, "Hugging Face's tokenizers come for Linux x64 here.");
        string path = _folder.Write("tokenizer.json", SampleTokenizers.All[name].ToJsonString());
        return (Tokenizer.Load(_folder.Path), new(path));
    }

    private static void AssertSame(Tokenizer ours, Reference reference, string text) =>
        Assert.Equal(reference.Encode(text).Select(id => (int)id), ours.Encode(text));

    private static void AssertSameText(Tokenizer ours, Reference reference, IReadOnlyList<int> ids) =>
        Assert.Equal(reference.Decode(ids.Select(id => (uint)id).ToArray()), ours.Decode(ids));
}
