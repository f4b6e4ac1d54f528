using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data;

namespace Workbench.LanguageModels;

/// <summary>
/// Text to token ids and back, as Hugging Face's tokenizer.json describes it: byte-level BPE (GPT-2, Llama 3, Qwen2) and
/// SentencePiece-style BPE (Llama 2, Mistral). Parts that are not supported are refused by name. Thread-safe.
/// </summary>
public sealed class Tokenizer
{
    internal const string JsonFile = "tokenizer.json";
    private const string SettingsFile = "tokenizer_config.json";
    private static readonly string[] FilesBeside = [SettingsFile, "special_tokens_map.json", "vocab.json", "merges.txt", "added_tokens.json", "tokenizer.model", "chat_template.jinja"];

    private readonly TokenizerParts _parts;
    private readonly Dictionary<string, byte[]> _files;
    private readonly JsonObject _settings;

    private Tokenizer(TokenizerParts parts, Dictionary<string, byte[]> files, string origin)
    {
        (_parts, _files) = (parts, files);
        _settings = files.TryGetValue(SettingsFile, out var settings) ? ParseObject(settings, $"{origin}: {SettingsFile}") : [];
    }

    /// <summary>One more than the largest id.</summary>
    public int VocabularySize => _parts.VocabularySize;
    /// <summary>The id that begins a text, as tokenizer_config.json names it; null when it names none.</summary>
    public int? BeginToken => Named("bos_token");
    /// <summary>The id that ends a text; null when none is named.</summary>
    public int? EndToken => Named("eos_token");
    /// <summary>The id that fills up shorter rows of a batch; null when none is named.</summary>
    public int? PadToken => Named("pad_token");

    /// <summary>Reads tokenizer.json, or GPT-2's vocab.json and merges.txt, and the settings beside them.</summary>
    /// <exception cref="DataException">A file is missing, damaged, or has a part that is not supported; names it.</exception>
    public static Tokenizer Load(string folder)
    {
        var files = FilesBeside.Append(JsonFile).Select(name => Path.Combine(folder, name)).Where(File.Exists)
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        string origin = Path.Combine(folder, JsonFile);
        if (!files.ContainsKey(JsonFile))
            files[JsonFile] = Serialized(LegacyTokenizer.Read(folder, files));
        return new(TokenizerReader.Read(ParseObject(files[JsonFile], origin), origin), files, folder);
    }

    /// <summary>A tokenizer from the content of a tokenizer.json.</summary>
    /// <param name="json">The content.</param>
    /// <param name="settings">The content of a tokenizer_config.json, such as <c>eos_token</c>; null for none.</param>
    /// <exception cref="DataException">A part is damaged or not supported; names it.</exception>
    public static Tokenizer FromJson(JsonObject json, JsonObject? settings = null)
    {
        var files = new Dictionary<string, byte[]> { [JsonFile] = Serialized(json) };
        if (settings is not null)
            files[SettingsFile] = Serialized(settings);
        return new(TokenizerReader.Read(json, JsonFile), files, "memory");
    }

    /// <summary>Writes tokenizer.json and the files that lay beside it.</summary>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Save(string folder)
    {
        foreach (var (name, bytes) in _files)
            AtomicFile.WriteAllBytes(Path.Combine(folder, name), bytes);
    }

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Any text; special tokens in it become their ids.</param>
    /// <param name="addSpecialTokens">Whether the post-processor's template is applied, such as a token that begins a text.</param>
    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>();
        if (addSpecialTokens)
            ids.AddRange(_parts.Prefix);
        foreach (var segment in _parts.Added.Split(text, _parts.Normalize))
            if (segment.Id is { } added)
                ids.Add(added);
            else
                foreach (var piece in _parts.PreTokenize([new(segment.Text, segment.IsFirst)]))
                    _parts.Model.Encode(piece.Text, ids);
        if (addSpecialTokens)
            ids.AddRange(_parts.Suffix);
        return ids;
    }

    /// <summary>The text of token ids. Bytes that are no whole character become U+FFFD; ids of no token become nothing.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public string Decode(IEnumerable<int> ids, bool skipSpecialTokens = true) =>
        string.Concat(_parts.Decode(ids.Where(id => !skipSpecialTokens || !IsSpecial(id)).Select(TokenOf).OfType<string>().ToList()));

    /// <summary>Decodes ids one by one, a character at a time at the finest.</summary>
    public TokenTextStream NewStream(bool skipSpecialTokens = true) => new(this, skipSpecialTokens);

    /// <summary>The id of a token as the vocabulary spells it, or null.</summary>
    public int? IdOf(string token) => _parts.Added.IdOf(token) ?? _parts.Model.IdOf(token);

    /// <summary>A token as the vocabulary spells it, or null.</summary>
    public string? TokenOf(int id) => _parts.Added.TokenOf(id) ?? _parts.Model.TokenOf(id);

    /// <summary>Whether the id is that of a special token.</summary>
    public bool IsSpecial(int id) => _parts.Added.IsSpecial(id);

    private static byte[] Serialized(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject ParseObject(byte[] bytes, string origin)
    {
        try
        {
            return JsonNode.Parse(bytes) as JsonObject ?? throw new JsonException("it is no object");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException)
        {
            throw new DataException($"'{origin}' is not readable: {failure.Message} Fetch it again.", failure) { Origin = origin };
        }
    }

    // A name, or an added token with its content.
    private int? Named(string setting) => _settings[setting] switch
    {
        JsonObject token when (string?)token["content"] is { } content => IdOf(content),
        JsonValue value when value.TryGetValue(out string? content) => IdOf(content),
        _ => null,
    };
}
