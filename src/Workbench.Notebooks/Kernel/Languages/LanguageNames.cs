using Workbench.Data;
using Workbench.Notebooks.Format;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>Names under which cells call languages and magics. Languages that a notebook connects come on top.</summary>
internal sealed class LanguageNames
{
    public const string CSharp = CellLanguages.CSharp;
    public const string Sql = "sql";
    public const string Value = "value";

    /// <summary>Magic that only marks a pipeline step; it changes nothing when the cell runs.</summary>
    public const string StepMagic = "step";

    private static readonly string[] Magics = ["about", "connect", "import", "lsmagic", "set", "share", StepMagic, "time", "who", "whos"];

    private static readonly string[] NotSupported = ["http", "kql", "kusto", "powershell", "pwsh", "r"];

    private static readonly string[] Supported = [CSharp, "fsharp", Sql, "python", "markdown", "html", "javascript", "mermaid", Value];

    private readonly Dictionary<string, string> _languages =
        new(CellLanguages.Usual.Where(pair => Supported.Contains(pair.Value)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The languages that every kernel has.</summary>
    public static LanguageNames BuiltIn { get; } = new();

    /// <summary>Canonical names of the languages.</summary>
    public IEnumerable<string> Languages => Supported.Union(_languages.Values);

    /// <summary>Every word that may follow <c>#!</c>.</summary>
    public IEnumerable<string> All => _languages.Keys.Concat(Magics);

    /// <summary>Canonical name of a language, or null when the word is none.</summary>
    public string? Language(string word) => _languages.GetValueOrDefault(word);

    public static bool IsMagic(string word) => Magics.Contains(word, StringComparer.OrdinalIgnoreCase);

    /// <summary>Other words for a language.</summary>
    public IEnumerable<string> Aliases(string language) => _languages.Where(pair => pair.Value == language && pair.Key != language).Select(pair => pair.Key);

    /// <summary>Refuses a name that a connected language cannot have.</summary>
    /// <exception cref="ArgumentException">The name is taken or has another form.</exception>
    public void RequireFree(string name)
    {
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
            throw new ArgumentException($"'{name}' is no name for a language. Use letters, digits, - and _, beginning with a letter.");
        if (IsMagic(name) || (BuiltIn._languages.ContainsKey(name)))
            throw new ArgumentException($"'#!{name}' is taken. Choose another --kernel-name.");
    }

    /// <summary>Adds a language that the notebook connected.</summary>
    public void Add(string name) => _languages[name] = name;

    /// <summary>The error for a word that is neither language nor magic.</summary>
    public ArgumentException Unknown(string word)
    {
        if (NotSupported.Contains(word, StringComparer.OrdinalIgnoreCase))
            return new($"'#!{word}' is not supported by this kernel. Languages: {string.Join(", ", Languages.Select(one => "#!" + one))}.");
        var nearest = Suggestion.Nearest(word, [.. All]) is { } name ? $" Did you mean '#!{name}'?" : "";
        return new($"Unknown magic '#!{word}'.{nearest} Known: {string.Join(", ", Languages.Concat(Magics).Select(one => "#!" + one))}.");
    }
}
