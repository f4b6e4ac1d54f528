namespace Workbench.Data.Samples;

/// <summary>
/// Short messages between friends, from a small grammar. Year B has slang that year A never has, and other habits: less
/// e-mail and phone, more streams and voice messages.
/// </summary>
public static class ChatGenerator
{
    /// <summary>Messages a year.</summary>
    public const int Messages = 3000;

    /// <summary>Words that only year B uses.</summary>
    public static IReadOnlyList<string> Slang { get; } = ["zingy", "flumpy", "glowed", "snazzle", "vibed", "yonked", "bloop", "crispo"];

    private sealed record Words(
        (string[] Words, double Weight)[] Good, (string[] Words, double Weight)[] Bad, (string[] Words, double Weight)[] Channels,
        (string[] Words, double Weight)[] Things, (string[] Words, double Weight)[] Closings);

    private static readonly string[] Names = ["anna", "ben", "carla", "deniz", "emil", "farah", "greta", "hugo"];
    private static readonly string[] Times = ["tonight", "tomorrow", "after work", "on friday", "next week", "at noon", "on sunday morning"];
    private static readonly string[] Places = ["the station", "the park", "my place", "the old cafe", "the library", "the market"];
    private static readonly string[] Openings = ["hey", "hi", "hello", "good morning", "so", "ok"];

    private static readonly Words YearA = new(
        [(["great", "nice", "lovely", "good", "fun"], 1)],
        [(["boring", "bad", "tiring", "late", "broken"], 1)],
        [(["an email", "a letter", "a text"], 0.6), (["a call", "a phone call"], 0.4)],
        [(["the match", "the film", "the concert", "the book", "dinner", "the trip"], 1)],
        [(["see you then", "thanks", "talk soon", "take care", ""], 1)]);

    private static readonly Words YearB = new(
        [(["great", "nice", "fun"], 0.35), (["zingy", "glowed", "snazzle"], 0.65)],
        [(["boring", "late"], 0.4), (["flumpy", "yonked"], 0.6)],
        [(["a text"], 0.25), (["a voice message", "a clip", "a bloop"], 0.75)],
        [(["the match", "dinner", "the trip"], 0.4), (["the stream", "the new app", "the podcast", "the raid"], 0.6)],
        [(["thanks", "talk soon", ""], 0.5), (["crispo", "bloop you later"], 0.5)]);

    /// <summary>Messages of year A, one a line.</summary>
    internal static IEnumerable<string> Before(int seed) => Year(new SampleRandom((ulong)seed + 1), YearA, slangVerb: false);

    /// <summary>Messages of year B, one a line.</summary>
    internal static IEnumerable<string> After(int seed) => Year(new SampleRandom((ulong)seed + 2), YearB, slangVerb: true);

    private static IEnumerable<string> Year(SampleRandom random, Words words, bool slangVerb)
    {
        for (int i = 0; i < Messages; i++)
            yield return string.Join(' ', new[] { Opening(random), Sentence(random, words, slangVerb), Word(random, words.Closings) }.Where(part => part.Length > 0));
    }

    private static string Opening(SampleRandom random) =>
        random.Chance(0.4) ? "" : random.Chance(0.5) ? $"{random.Pick(Openings)} {random.Pick(Names)}," : $"{random.Pick(Openings)},";

    private static string Sentence(SampleRandom random, Words words, bool slangVerb) => random.Below(6) switch
    {
        0 => $"{Word(random, words.Things)} was so {Word(random, words.Good)}, i want to go again {random.Pick(Times)}.",
        1 => $"{Word(random, words.Things)} was {Word(random, words.Bad)} and i left early.",
        2 => $"can you send me {Word(random, words.Channels)} about {Word(random, words.Things)} {random.Pick(Times)}?",
        3 => $"let us meet at {random.Pick(Places)} {random.Pick(Times)}, {random.Pick(Names)} comes too.",
        4 => $"i got {Word(random, words.Channels)} from {random.Pick(Names)}, {Word(random, words.Things)} is {(random.Chance(0.5) ? "on" : "off")} {random.Pick(Times)}.",
        _ => $"we {(slangVerb && random.Chance(0.7) ? "vibed" : "talked")} about {Word(random, words.Things)} at {random.Pick(Places)}, it was {Word(random, random.Chance(0.7) ? words.Good : words.Bad)}.",
    };

    private static string Word(SampleRandom random, (string[] Words, double Weight)[] groups) => random.Pick(random.Pick<string[]>(groups));
}
