using Workbench.Drift.Text;

namespace Workbench.Core.Tests.Drift.Text;

/// <summary>Words, languages, scripts and counts, on texts written for these tests.</summary>
public sealed class TextPartsTests
{
    [Theory]
    [InlineData("Hello, World!", "hello|world")]
    [InlineData("don't re-use 42 items (v2)", "don't|re|use|items|v2")]
    [InlineData("l’été 'quoted'", "l'été|quoted")]
    [InlineData("go👍go 🚀", "go|👍|go|🚀")]
    [InlineData("我喜欢tea。", "我|喜|欢|tea")]
    [InlineData("ΑΒΓ Привет", "αβγ|привет")]
    [InlineData("0123456789012345678901234567890123456789a x", "x")]
    [InlineData("", "")]
    public void Next_Texts_GiveTheirWords(string text, string expected)
    {
        var reader = new WordReader();
        var words = new List<string>();
        reader.Start(text);
        while (reader.Next())
            words.Add(reader.Word.ToString());

        Assert.Equal(expected, string.Join("|", words));
    }

    [Theory]
    [InlineData("the parcel was not at the door when we came home", "English")]
    [InlineData("das Paket ist nicht da und ich warte seit einer Woche", "German")]
    [InlineData("je ne suis pas content de ce produit et le service est lent", "French")]
    [InlineData("no estoy contento con el producto y la entrega es lenta", "Spanish")]
    [InlineData("il pacco non è arrivato e sono molto deluso della spedizione", "Italian")]
    [InlineData("não recebi o pacote e você não respondeu ao meu pedido", "Portuguese")]
    [InlineData("het pakket is niet aangekomen en ik heb geen bericht van jullie", "Dutch")]
    [InlineData("paketet har inte kommit och jag är mycket besviken", "Swedish")]
    [InlineData("pakken er ikke kommet og jeg har ikke fået noget svar", "Danish")]
    [InlineData("paczka nie przyszła i jestem bardzo zły na was", "Polish")]
    [InlineData("посылка не пришла и я очень недоволен", "Russian")]
    [InlineData("посилка не прийшла і я дуже незадоволений", "Ukrainian")]
    [InlineData("الطرد لم يصل وأنا في البيت من الصباح", "Arabic")]
    [InlineData("पार्सल नहीं आया है और मैं नाराज़ हूँ", "Hindi")]
    [InlineData("包裹还没有到", "Chinese")]
    [InlineData("荷物がまだ届いていません", "Japanese")]
    [InlineData("소포가 아직 오지 않았어요", "Korean")]
    [InlineData("το δέμα δεν έφτασε", "Greek")]
    [InlineData("lorem ipsum dolor amet", "unknown")]
    [InlineData("ok", "unknown")]
    [InlineData("12:30 - 42", "unknown")]
    public void Language_Sentences_AreKnownOrHonestlyUnknown(string text, string expected)
    {
        var guess = new LanguageGuess();
        var reader = new WordReader();
        guess.Start();
        reader.Start(text);
        while (reader.Next())
            guess.Add(reader.Word);

        Assert.Equal(expected, guess.Language());
    }

    [Fact]
    public void Add_MixedText_CountsCharactersByKind()
    {
        var characters = new Characters();

        Assert.Equal(13, characters.Add("Ab я 漢, 12 €👍")); // 2 Latin, 1 Cyrillic, 1 Han, 2 digits, 1 comma, 4 spaces, 1 symbol, 1 emoji

        var counts = Characters.Names.Zip(characters.Counts).Where(one => one.Second > 0).ToDictionary(one => one.First, one => one.Second);
        Assert.Equal(
            new() { ["Latin letters"] = 2, ["Cyrillic letters"] = 1, ["Han letters"] = 1, ["digits"] = 2, ["punctuation"] = 1, ["spaces"] = 4, ["symbols"] = 1, ["emoji"] = 1 },
            counts);
    }

    [Fact]
    public void Unseen_WordsThatOccurOnce_AreGoodsEstimate()
    {
        var words = new WordCounts(1000);
        foreach (var (word, rows) in new[] { ("a", 5), ("b", 3), ("c", 1), ("d", 1) })
            for (int row = 1; row <= rows; row++)
                words.Add(word, row);

        Assert.Equal((10, 0.2), (words.Total, words.Unseen().Share)); // 2 of 10 words occur once
        Assert.False(words.Add("a", 5)); // the row has it already
    }

    [Fact]
    public void Add_MoreWordsThanTheCapacity_StayKnownAndCommonOnesCounted()
    {
        var words = new WordCounts(1000);
        for (int row = 1; row <= 20_000; row++)
        {
            words.Add("common", row);
            words.Add("rare" + row, row);
        }

        Assert.InRange(words.Different, 1, 1000);
        Assert.Equal(20_000, words.Rows("common"));
        Assert.True(Enumerable.Range(1, 20_000).All(row => words.Contains("rare" + row)));
        Assert.InRange(Enumerable.Range(1, 20_000).Count(row => words.Contains("new" + row)), 0, 20); // the filter's false memories
        Assert.True(words.RarestRows >= 2);
    }
}
