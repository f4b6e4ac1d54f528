namespace Workbench.Drift.Text;

/// <summary>
/// Short lists of the commonest words without content (articles, pronouns, prepositions, forms of to be) of some languages:
/// what a text of a few words in that language hardly does without. They tell languages apart and are no news when they
/// come or go.
/// </summary>
internal static class FunctionWords
{
    private static readonly (string Language, string Words)[] Lists =
    [
        ("English", "the and of to in is are was were you i it that this for with on at be have has not we they he she my your but or as from will would can do what there me so if an by our their been which who when how"),
        ("German", "der die das und ist sind war nicht ich du er sie es wir ihr ein eine einen einem einer mit für auf von zu im den dem des auch aber wie hat habe haben wird noch nach bei oder wenn mir mich dir sich uns kein keine zum zur was so am um nur"),
        ("French", "le la les un une des du de et est sont pas je tu il elle nous vous ils que qui dans pour avec sur au aux ce cette ces mais ou mon ma mes ton son sa ses leur plus ne se en par été être avoir j'ai c'est d'un l'on très"),
        ("Spanish", "el la los las un una unos y es son no yo tú él ella nosotros que en de del al por para con se su sus mi mis pero como más muy este esta esto ese hay fue ser está están lo le me te ya si cuando también donde"),
        ("Italian", "il lo la gli le un una e è sono non io tu lui lei noi che di del della dei delle nel nella al alla per con si su mi ti ma come più molto questo questa quello era essere ho hai ha anche da dal dalla ci se quando dove"),
        ("Portuguese", "o a os as um uma e é são não eu você ele ela nós que de do da dos das em no na nos nas por para com se seu sua meu minha mas como mais muito este esta isso foi ser está estão ao à também já quando onde"),
        ("Dutch", "de het een en is zijn was niet ik je jij hij zij we wij van in op met voor dat die dit er aan te bij ook maar als naar om heeft heb hebben wordt nog of mijn uit over wat hoe dan deze"),
        ("Swedish", "det är och att en ett som jag du han hon vi inte på för med av till den har var om men så kan ska från eller när där här min din sin mycket också sig mig dig vad hur"),
        ("Danish", "det er og at en et som jeg du han hun vi ikke på for med af til den har var om men så kan skal fra eller når der her min din sin meget også sig mig dig hvad hvordan"),
        ("Polish", "nie jest się na w z do to że i jak ale co o po za od czy tak już był była są dla przez przy bardzo tylko mnie ty ja on ona my wy ich jego jej który która być mam ma"),
        ("Czech", "je se na v že to a s z do jsem jsi jsou ale jak co za po od by bylo byl byla pro tak už jen mě ty já on ona my vy jeho její který která být mám má není nebo když"),
        ("Turkish", "bir ve bu da de için çok ne mi ben sen o biz siz ile ama gibi daha var yok değil olarak kadar sonra her şey olan oldu benim senin onun bunu şu nasıl neden evet hayır"),
        ("Finnish", "ja on ei se että en oli olen minä sinä hän me te he mutta kun niin myös joka ovat mitä tämä ole tai kuin jos vain sitä nyt hyvin mikä minun sinun kanssa"),
        ("Indonesian", "yang dan di ini itu dengan untuk tidak dari dalam akan pada juga ke karena saya kamu dia kami kita mereka ada bisa sudah adalah atau seperti tapi lebih sangat apa bagaimana"),
        ("Russian", "и в не на я что он с как это но мы ты вы она они по из у за от так же к бы был была было его её меня мне для есть если или только уже когда где очень нет"),
        ("Ukrainian", "і в не на я що він з як це але ми ти ви вона вони по із у за від так же до би був була було його її мене мені для є якщо або тільки вже коли де дуже ні та"),
        ("Bulgarian", "и в не на аз че той с как това но ние ти вие тя те по от за са е да се към ще би беше него нея ме ми ли има ако или само вече когато къде много няма са си"),
        ("Arabic", "في من على إلى أن لا ما هذا هذه هو هي كان كانت التي الذي عن مع لم لن قد كل أو ثم بعد قبل أنا أنت نحن هم كما إذا ولا وهو بين"),
        ("Persian", "و در به از که این آن را با است برای تا هم یک بود شد من تو او ما شما آنها نیست ولی هر چه اگر یا خود باید می کرد دارد بر"),
        ("Hindi", "है और का की के में से को पर यह वह नहीं मैं तुम आप हम था थी थे हैं भी तो कि जो एक लिए कर रहा रही हो गया अब जब क्या कुछ"),
    ];

    /// <summary>Names of the languages, at most 64.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. Lists.Select(list => list.Language)];

    private static readonly Dictionary<string, ulong> Known = Index();
    private static readonly Dictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Lookup = Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Bit i is 1 where the word, in lower case, is a function word of language i.</summary>
    public static ulong LanguagesOf(ReadOnlySpan<char> word) => Lookup.TryGetValue(word, out ulong languages) ? languages : 0;

    private static Dictionary<string, ulong> Index()
    {
        var index = new Dictionary<string, ulong>(StringComparer.Ordinal);
        for (int language = 0; language < Lists.Length; language++)
            foreach (string word in Lists[language].Words.Split(' '))
                index[word] = index.GetValueOrDefault(word) | 1ul << language;
        return index;
    }
}
