using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Workbench.Notebooks.Kernel.CSharp;
using Workbench.Notebooks.Kernel.Packages;

namespace Workbench.Notebooks.Kernel.Languages;

/// <summary>C# cells.</summary>
internal sealed class CSharpLanguage : ICellLanguage, IVariableStore, ICodeAssistant
{
    private readonly CSharpSession _session = new();
    private readonly LanguageAssistant _assistant;
    private readonly List<MetadataReference> _references = [];

    public CSharpLanguage() => _assistant = new(_session);

    public string Name => LanguageNames.CSharp;

    public IReadOnlyList<string> Options => [];

    public object? Run(CellSegment segment, CellRun cell)
    {
        int before = _session.Submissions.Count;
        try
        {
            return _session.Run(segment.Source, cell.Name, cell.CancellationToken, [.. _references], Warn, cell.AtEnd);
        }
        finally
        {
            if (_session.Submissions.Count > before)
                _references.Clear(); // later submissions inherit them
        }
    }

    /// <summary>Assemblies that the next submission and those after it see.</summary>
    public void Reference(PackageAssemblies packages)
    {
        _references.AddRange(packages.Compile.Select(path => MetadataReference.CreateFromFile(path)));
        _session.Bind(packages.Newer);
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

    /// <summary>Readies completion, and the compiler for cells to come, in the background.</summary>
    /// <param name="isBusy">Whether the kernel has something else to do.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WarmUpAsync(Func<bool> isBusy, CancellationToken cancellationToken)
    {
        await CompleteAsync("System.Conso", "System.Conso".Length, cancellationToken);
        await new CompilerWarmUp(_session).RunAsync(isBusy, cancellationToken);
    }

    public void Dispose()
    {
    }

    private static void Warn(string warning) => Console.Error.WriteLine(warning);
}
