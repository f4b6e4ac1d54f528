using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Workbench.LanguageModels;

/// <summary>The <c>decoder</c> of tokenizer.json: tokens to pieces of text, which are joined in the end.</summary>
internal static class TokenDecoders
{
    // What is no UTF-8 becomes U+FFFD.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="FormatException">A part is not supported.</exception>
    public static Func<IReadOnlyList<string>, IReadOnlyList<string>> Read(JsonNode? json)
    {
        if (json is null)
            return tokens => [string.Join(' ', tokens)];
        switch ((string?)json["type"])
        {
            case "Sequence":
                return TokenizerReader.Chain(json["decoders"], Read);
            case "ByteLevel":
                return tokens => [Encoding.UTF8.GetString(tokens.SelectMany(token => ByteLetters.Decode(token) ?? Encoding.UTF8.GetBytes(token)).ToArray())];
            case "ByteFallback":
                return ByteFallback;
            case "Fuse":
                return tokens => [string.Concat(tokens)];
            case "Replace":
                var pattern = TokenPattern.Read(json["pattern"]);
                string content = (string?)json["content"] ?? throw new FormatException("the decoder Replace has no content");
                return tokens => tokens.Select(token => pattern.Replace(token, content)).ToList();
            case "Strip":
                char stripped = ((string?)json["content"])?.Length == 1 ? ((string)json["content"]!)[0] : throw new FormatException("the decoder Strip has no content of one character");
                var (start, stop) = ((int?)json["start"] ?? 0, (int?)json["stop"] ?? 0);
                return tokens => tokens.Select(token => Strip(token, stripped, start, stop)).ToList();
            case "Metaspace":
                string mark = (string?)json["replacement"] ?? "\u2581";
                bool isPrepended = PreTokenizers.PrependScheme(json) != "never";
                return tokens => tokens.Select((token, i) => token.Replace(mark, i == 0 && isPrepended ? "" : " ", StringComparison.Ordinal)).ToList();
            case var other:
                throw new FormatException($"the decoder {other} is not supported; supported are Sequence, ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace");
        }
    }

    // Runs of <0x..> are UTF-8; a run that is not becomes one U+FFFD a byte.
    private static List<string> ByteFallback(IReadOnlyList<string> tokens)
    {
        var texts = new List<string>();
        var bytes = new List<byte>();
        void Flush()
        {
            if (bytes.Count > 0)
                texts.Add(TextOf(bytes.ToArray()));
            bytes.Clear();
        }
        foreach (string token in tokens)
            if (token is ['<', '0', 'x', _, _, '>'] && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
                bytes.Add(value);
            else
            {
                Flush();
                texts.Add(token);
            }
        Flush();
        return texts;
    }

    private static string TextOf(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new('\uFFFD', bytes.Length);
        }
    }

    private static string Strip(string token, char stripped, int start, int stop)
    {
        int from = 0, to = token.Length;
        while (from < to && from < start && token[from] == stripped)
            from++;
        while (to > from && token.Length - to < stop && token[to - 1] == stripped)
            to--;
        return token[from..to];
    }
}
