using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.FSharp;

/// <summary>F# cells. The compiler starts with the first of them, which takes seconds.</summary>
/// <param name="restore">Loads what <c>#r "nuget: .."</c> lines ask for and returns the source with lines that reference assemblies by path instead; null when packages cannot be restored.</param>
internal sealed partial class FSharpLanguage(Func<string, CancellationToken, string>? restore = null) : ICellLanguage, IVariableStore, ICodeAssistant
{
    private readonly Lazy<FSharpSession> _session = new();

    public string Name => "fsharp";

    public IReadOnlyList<string> Options => [];

    public object? Run(CellSegment segment, CellRun cell)
    {
        var source = PackageLine().Match(segment.Source) is not { Success: true } package ? segment.Source
            : restore is null ? throw new NotSupportedException($"{package.Value.Trim()}: F# cells restore no packages. Reference the package in a C# cell or use #r \"path/to/it.dll\".")
            : restore(segment.Source, cell.CancellationToken);
        return _session.Value.Run(source, cell.Name, Console.Error.WriteLine, cell.CancellationToken);
    }

    public IReadOnlyList<CellVariable> List() => _session.IsValueCreated ? _session.Value.List() : [];

    public bool TryGet(string name, out object? value)
    {
        value = null;
        return _session.IsValueCreated && _session.Value.TryGet(name, out value);
    }

    public void Set(string name, object? value) => _session.Value.Set(name, value);

    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        var path = Path().Match(code[..position]).Value;
        int start = position - (path.Length - (path.LastIndexOf('.') + 1));
        var typed = code[start..position];
        var names = path.Length == 0 ? [] : _session.Value.Complete(path).Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
        return Task.FromResult(new CompletionList(start, position, [.. names.Select(name => (name, "name"))]));
    }

    public Task<JsonObject?> InspectAsync(string code, int position, CancellationToken cancellationToken) => Task.FromResult<JsonObject?>(null);

    public string Completeness(string code)
    {
        var errors = _session.Value.Parse(code).Where(diagnostic => diagnostic.Severity.IsError).ToList();
        if (errors.Count == 0)
            return "complete";
        // What is wrong at the very end may only wait for more.
        int lastLine = code.TrimEnd().Split('\n').Length;
        return errors.TrueForAll(error => error.EndLine >= lastLine) ? "incomplete" : "invalid";
    }

    public void Dispose()
    {
        if (_session.IsValueCreated)
            _session.Value.Dispose();
    }

    [GeneratedRegex(@"^\s*#r\s+""nuget:[^\n]*", RegexOptions.Multiline)]
    private static partial Regex PackageLine();

    [GeneratedRegex(@"[\w.]*$")]
    private static partial Regex Path();
}
