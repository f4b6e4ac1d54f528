using Workbench.Data;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary><c>#!value --name x</c>: a text kept under a name, from the cell, a file or an address, for other languages to share.</summary>
internal sealed class ValueLanguage : ICellLanguage, IVariableStore
{
    private readonly SortedDictionary<string, object?> _values = new(StringComparer.Ordinal);

    public string Name => LanguageNames.Value;

    public IReadOnlyList<string> Options { get; } = ["name", "from-file", "from-url", "from-value", "mime-type"];

    public object? Run(CellSegment segment, CellRun cell)
    {
        var text = Read(segment, cell);
        _values[segment.Options.Required("name")] = text;
        if (segment.Options["mime-type"] is { Length: > 0 } mimeType)
            cell.Output.Display(MimeBundle.Of(mimeType, text, text), null, update: false);
        return null;
    }

    public IReadOnlyList<CellVariable> List() => _values.Select(pair => new CellVariable(pair.Key, "text", pair.Value)).ToList();

    public bool TryGet(string name, out object? value) => _values.TryGetValue(name, out value);

    public void Set(string name, object? value) => _values[name] = value;

    public void Dispose()
    {
    }

    private static string Read(CellSegment segment, CellRun cell)
    {
        var options = segment.Options;
        var text = segment.Source.Trim('\n');
        string[] sources = [.. new[] { "from-file", "from-url", "from-value" }.Where(options.Values.ContainsKey)];
        if (sources.Length + (text.Length > 0 ? 1 : 0) != 1)
            throw new ArgumentException("#!value takes its text from one place: the lines of the cell, --from-file, --from-url or --from-value.");
        if (options["from-value"] is { } given)
            return given;
        if (options["from-file"] is { } path)
            return ReadFile(path);
        return options["from-url"] is { } url ? Download(url, cell.CancellationToken) : text;
    }

    private static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"#!value --from-file '{path}': {failure.Message}", failure) { Origin = path };
        }
    }

    private static string Download(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new ArgumentException($"#!value --from-url '{url}' is no address. Give one that begins with https:// or http://.");
        using var client = new HttpClient();
        return client.GetStringAsync(address, cancellationToken).GetAwaiter().GetResult();
    }
}
