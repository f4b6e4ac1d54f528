using Workbench.Data;
using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Kernel.FSharp;
using Workbench.Notebooks.Kernel.Jupyter;
using Workbench.Notebooks.Kernel.Languages;
using Workbench.Notebooks.Kernel.Magics;
using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Kernel;

/// <summary>Runs the parts of a cell, each in its language. A language starts when a cell first needs it.</summary>
internal sealed class CellEngine : IDisposable
{
    private readonly CellOutput _output;
    private readonly Func<string, bool, string> _ask;
    private readonly Dictionary<string, Lazy<ICellLanguage>> _languages;
    private readonly Dictionary<string, ICellMagic> _magics;
    private readonly Lazy<PackageSession> _packages = new(() => new PackageSession(Directory.GetCurrentDirectory()));

    /// <param name="output">Where cells show what they have to show.</param>
    /// <param name="ask">Asks the person at the front end: a prompt, and whether the answer is a secret.</param>
    /// <param name="clock">Measures <c>#!time</c>.</param>
    public CellEngine(CellOutput output, Func<string, bool, string> ask, TimeProvider clock)
    {
        (_output, _ask) = (output, ask);
        _languages = new(StringComparer.Ordinal)
        {
            [LanguageNames.CSharp] = new(() => CSharp),
            [LanguageNames.Sql] = new(() => new SqlLanguage(LanguageNames.Sql, new SqlSession(), CSharp)),
            [LanguageNames.Value] = new(() => new ValueLanguage()),
            ["python"] = new(() => new JupyterLanguage("python", "python3", ask)),
            ["fsharp"] = new(() => new FSharpLanguage(RestoreForFSharp)),
            ["markdown"] = new(() => new TextLanguage("markdown", "text/markdown")),
            ["html"] = new(() => new TextLanguage("html", "text/html")),
            ["javascript"] = new(() => new TextLanguage("javascript", "application/javascript")),
            ["mermaid"] = new(() => new TextLanguage("mermaid", "text/vnd.mermaid")),
        };
        ICellMagic[] magics =
        [
            new AboutMagic(), new ConnectMagic(Connect, CSharp, ask), new ImportMagic(Import), new LsMagic(Names, () => _magics!.Values), new SetMagic(Find), new ShareMagic(Find),
            new TimeMagic(clock), new WhoMagic(withValues: false), new WhoMagic(withValues: true),
        ];
        _magics = magics.ToDictionary(magic => magic.Name, StringComparer.Ordinal);
    }

    public CSharpLanguage CSharp { get; } = new();

    /// <summary>The languages that cells can name.</summary>
    public LanguageNames Names { get; } = new();

    /// <summary>The magics that do something by themselves, in order of name.</summary>
    public IEnumerable<ICellMagic> Magics => _magics.Values;

    /// <summary>Runs a cell; returns the value of its last part, or null. Values of earlier parts are shown on the way.</summary>
    public object? Run(string code, CellRun cell)
    {
        object? last = null;
        foreach (var part in Restore(CellParser.Parse(code, Names), cell))
        {
            cell.CancellationToken.ThrowIfCancellationRequested();
            Show(last);
            last = Run(part, cell);
        }
        return last;
    }

    /// <summary>The language of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message names the nearest.</exception>
    public ICellLanguage Find(string name)
    {
        var canonical = Names.Language(name) ?? throw new ArgumentException(
            $"There is no language '{name}'.{Suggestion.DidYouMean(name, [.. Names.Languages])} Known: {string.Join(", ", Names.Languages)}.");
        return _languages[canonical].Value;
    }

    public void Dispose()
    {
        foreach (var language in _languages.Values.Where(language => language.IsValueCreated))
            language.Value.Dispose();
        if (_packages.IsValueCreated)
            _packages.Value.Dispose();
    }

    // All packages that the C# parts of a cell ask for are restored at once, before any of it runs.
    private List<CellPart> Restore(IReadOnlyList<CellPart> parts, CellRun cell)
    {
        var lines = parts.Select(part => part is CellSegment { Language: LanguageNames.CSharp } segment ? PackageLines.Take(segment.Source) : null).ToList();
        if (lines.TrueForAll(line => line is null or { IsEmpty: true }))
            return [.. parts];
        var asked = lines.OfType<PackageLines>().ToList();
        CSharp.Reference(_packages.Value.Restore([.. asked.SelectMany(line => line.Packages)], [.. asked.SelectMany(line => line.Sources)], Console.WriteLine, cell.CancellationToken));
        return [.. parts.Select((part, index) => lines[index] is { } line ? (CellSegment)part with { Source = line.Code } : part)];
    }

    private string RestoreForFSharp(string source, CancellationToken cancellationToken)
    {
        var lines = PackageLines.Take(source);
        var references = _packages.Value.Restore(lines.Packages, lines.Sources, Console.WriteLine, cancellationToken);
        // On the first line of the part, which is blank or the magic's, so that the rest keeps its place.
        return string.Concat(references.Compile.Select(path => $"#r @\"{path}\"\n")) + lines.Code;
    }

    private object? Run(CellPart part, CellRun cell)
    {
        var language = Find(part.Language);
        var options = Ask(part.Options);
        switch (part)
        {
            case CellSegment segment:
                options.AllowOnly(language.Options);
                return language.Run(segment with { Options = options }, cell);
            case CellMagic magic:
                var action = _magics[magic.Options.Magic];
                options.AllowOnly(action.Options);
                action.Run(magic with { Options = options }, language, cell);
                return null;
            default:
                throw new InvalidOperationException($"A cell has no part of type {part.GetType().Name}.");
        }
    }

    // @input:prompt and @password:prompt may stand for the value of any option.
    private MagicOptions Ask(MagicOptions options)
    {
        var answers = options.Values.ToDictionary(pair => pair.Key, pair => Answer(pair.Value));
        return answers.Values.All(answer => answer is null)
            ? options
            : options with
            {
                Values = options.Values.ToDictionary(pair => pair.Key, pair => answers[pair.Key] ?? pair.Value),
                Asked = answers.Where(pair => pair.Value is not null).Select(pair => pair.Key).ToList(),
            };
    }

    private string? Answer(string value)
    {
        if (value.StartsWith("@input:", StringComparison.Ordinal))
            return _ask(value["@input:".Length..], false);
        return value.StartsWith("@password:", StringComparison.Ordinal) ? _ask(value["@password:".Length..], true) : null;
    }

    private void Connect(string name, Func<ICellLanguage> start)
    {
        Names.RequireFree(name);
        var language = start();
        if (_languages.Remove(name, out var earlier) && earlier.IsValueCreated)
            earlier.Value.Dispose();
        _languages[name] = new(language);
        Names.Add(name);
    }

    private void Import(string code, CellRun cell) => Show(Run(code, cell));

    private void Show(object? value)
    {
        if (value is not (null or DisplayHandle))
            _output.Display(OutputFormatter.Format(value), null, update: false);
    }
}
