using System.Text.Json.Nodes;
using Workbench.Notebooks.Kernel.CSharp;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>C# cells.</summary>
internal sealed class CSharpLanguage : ICellLanguage, IVariableStore, ICodeAssistant
{
    private readonly CSharpSession _session = new();
    private readonly LanguageAssistant _assistant;

    public CSharpLanguage() => _assistant = new(_session);

    public string Name => LanguageNames.CSharp;

    public IReadOnlyList<string> Options => [];

    public object? Run(CellSegment segment, CellRun cell)
    {
        RefusePackages(segment.Source);
        return _session.Run(segment.Source, cell.Name, cell.CancellationToken, warn: Warn, atEnd: cell.AtEnd);
    }

    /// <summary>The value of an expression, for a request's user expressions.</summary>
    public object? Evaluate(string expression, string name, CancellationToken cancellationToken) => _session.Run(expression, name, cancellationToken);

    public IReadOnlyList<CellVariable> List() =>
        _session.Variables.Values.OrderBy(variable => variable.Name, StringComparer.Ordinal).Select(variable => new CellVariable(variable.Name, CSharpTypeName.Of(variable.Type), variable.Value)).ToList();

    public bool TryGet(string name, out object? value)
    {
        var found = _session.Variables.TryGetValue(name, out var variable);
        value = variable?.Value;
        return found;
    }

    public void Set(string name, object? value) => _session.SetVariable(name, value);

    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken) => _assistant.CompleteAsync(code, position, cancellationToken);

    public Task<JsonObject?> InspectAsync(string code, int position, CancellationToken cancellationToken) => _assistant.InspectAsync(code, position, cancellationToken);

    public string Completeness(string code) => CompletenessCheck.Of(code);

    public void Dispose()
    {
    }

    private static void Warn(string warning) => Console.Error.WriteLine(warning);

    private static void RefusePackages(string source)
    {
        if (source.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith("#r \"nuget:", StringComparison.Ordinal)) is { } line)
            throw new NotSupportedException($"{line.Trim()}: this kernel does not restore packages. Everything that Workbench carries is referenced already; for another library use #r \"path/to/it.dll\".");
    }
}
