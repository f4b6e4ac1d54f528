using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.QuickInfo;
using Microsoft.CodeAnalysis.Text;

namespace Workbench.Notebooks.Kernel.CSharp;

/// <summary>Completion and hover over the submissions that ran so far.</summary>
internal sealed class LanguageAssistant(CSharpSession session)
{
    private const int MaximumMatches = 500;

    private static readonly Lazy<MefHostServices> Host = new(() => MefHostServices.Create(
        MefHostServices.DefaultAssemblies.Add(Assembly.Load("Microsoft.CodeAnalysis.Features")).Add(Assembly.Load("Microsoft.CodeAnalysis.CSharp.Features"))));

    private readonly Lock _lock = new();
    private readonly List<MetadataReference> _added = [];
    private Solution? _solution;
    private int _finished; // submissions that the solution holds; the cell being written is a project behind them
    private DocumentId? _current;
    private ProjectId? _previous;

    public async Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        var document = Open(code);
        var service = CompletionService.GetService(document) ?? throw new InvalidOperationException("Roslyn offers no completion for this document.");
        var found = await service.GetCompletionsAsync(document, position, cancellationToken: cancellationToken);
        if (found.ItemsList.Count == 0)
            return CompletionList.Empty(position);
        var items = Match(service, document, found.ItemsList, code[found.Span.Start..position]);
        return new(found.Span.Start, found.Span.End, items.Select(item => (item.DisplayText, item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "")).Distinct().ToList());
    }

    public async Task<JsonObject?> InspectAsync(string code, int position, CancellationToken cancellationToken)
    {
        var document = Open(code);
        var service = QuickInfoService.GetService(document) ?? throw new InvalidOperationException("Roslyn offers no quick info for this document.");
        var info = await service.GetQuickInfoAsync(document, Math.Min(position, code.Length), cancellationToken)
            ?? (position > 0 ? await service.GetQuickInfoAsync(document, position - 1, cancellationToken) : null);
        return info is null ? null : new() { ["text/plain"] = string.Join('\n', info.Sections.Select(section => section.Text)) };
    }

    private static List<CompletionItem> Match(CompletionService service, Document document, IReadOnlyList<CompletionItem> items, string typed)
    {
        // FilterItems alone returns only the best-scored group.
        var matches = items.Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Take(MaximumMatches).ToList();
        return matches.Count > 0 ? matches : service.FilterItems(document, items.ToImmutableArray(), typed).Take(MaximumMatches).ToList();
    }

    // The solution grows by a project a submission; while a cell is written only the text of its document changes.
    private Document Open(string code)
    {
        lock (_lock)
        {
            _solution ??= new AdhocWorkspace(Host.Value).CurrentSolution;
            while (_finished < session.Submissions.Count)
            {
                var submission = session.Submissions[_finished];
                _added.AddRange(submission.References);
                var written = Current(submission.Code, submission.References.Count > 0);
                _solution = _solution.WithDocumentText(written, SourceText.From(submission.Code));
                (_previous, _current) = (written.ProjectId, null);
                _finished++;
            }
            var document = Current(code, referencesChanged: false);
            _solution = _solution.WithDocumentText(document, SourceText.From(code));
            return _solution.GetDocument(document)!; // Current added it
        }
    }

    private DocumentId Current(string code, bool referencesChanged)
    {
        if (_current is { } current && !referencesChanged)
            return current;
        var solution = _current is { } outdated ? _solution!.RemoveProject(outdated.ProjectId) : _solution!; // Open made it
        var project = ProjectId.CreateNewId();
        var name = $"Submission{_finished}";
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, usings: ScriptEnvironment.Imports, allowUnsafe: true, scriptClassName: name, metadataReferenceResolver: ScriptEnvironment.ReferenceResolver);
        solution = solution.AddProject(ProjectInfo.Create(
            project, VersionStamp.Create(), name, name, LanguageNames.CSharp, parseOptions: ScriptEnvironment.ParseOptions, compilationOptions: options,
            metadataReferences: _added.Count == 0 ? ScriptEnvironment.CompletionReferences : [.. ScriptEnvironment.CompletionReferences, .. _added], isSubmission: true,
            projectReferences: _previous is null ? null : [new ProjectReference(_previous)]));
        var document = DocumentId.CreateNewId(project);
        _solution = solution.AddDocument(document, name + ".csx", SourceText.From(code));
        _current = document;
        return document;
    }
}
