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

/// <summary>Completion, hover and "is this cell complete", over the submissions that ran so far. Positions are code points, as Jupyter counts.</summary>
internal sealed class LanguageAssistant(CSharpSession session)
{
    private const int MaximumMatches = 500;

    private static readonly Lazy<MefHostServices> Host = new(() => MefHostServices.Create(
        MefHostServices.DefaultAssemblies.Add(Assembly.Load("Microsoft.CodeAnalysis.Features")).Add(Assembly.Load("Microsoft.CodeAnalysis.CSharp.Features"))));

    private readonly List<ProjectId> _submissions = [];
    private readonly Lock _lock = new();
    private Solution? _solution;

    /// <summary><c>complete</c>, <c>incomplete</c> or <c>invalid</c>.</summary>
    public static string Completeness(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ScriptEnvironment.ParseOptions);
        var errors = tree.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        if (SyntaxFactory.IsCompleteSubmission(tree))
            return errors.Exists(error => error.Id != "CS1002") ? "invalid" : "complete"; // CS1002: the missing ; of a last expression
        if (errors.Exists(IsUnfinished))
            return "incomplete";
        // What is wrong before the end cannot be mended by typing more; IsCompleteSubmission calls it incomplete.
        int end = code.TrimEnd().Length;
        return errors.Exists(error => error.Location.SourceSpan.End < end) ? "invalid" : "incomplete";
    }

    public async Task<JsonObject> CompleteAsync(string code, int cursor, CancellationToken cancellationToken = default)
    {
        int position = ToUtf16(code, cursor);
        var document = Open(code);
        var service = CompletionService.GetService(document) ?? throw new InvalidOperationException("Roslyn offers no completion for this document.");
        var found = await service.GetCompletionsAsync(document, position, cancellationToken: cancellationToken);
        int start = found.ItemsList.Count == 0 ? position : found.Span.Start;
        int end = found.ItemsList.Count == 0 ? position : found.Span.End;
        var items = Match(service, document, found.ItemsList, code[start..position]);
        return Reply(items, ToCodePoints(code, start), ToCodePoints(code, end));
    }

    public async Task<string?> DescribeAsync(string code, int cursor, CancellationToken cancellationToken = default)
    {
        int position = ToUtf16(code, cursor);
        var document = Open(code);
        var service = QuickInfoService.GetService(document) ?? throw new InvalidOperationException("Roslyn offers no quick info for this document.");
        var info = await service.GetQuickInfoAsync(document, position, cancellationToken)
            ?? (position > 0 ? await service.GetQuickInfoAsync(document, position - 1, cancellationToken) : null);
        return info is null ? null : string.Join('\n', info.Sections.Select(section => section.Text));
    }

    // An unfinished string or comment only waits for its end.
    private static bool IsUnfinished(Diagnostic error) => error.Id is "CS1039" or "CS1035" or "CS8997" or "CS8999";

    private static List<CompletionItem> Match(CompletionService service, Document document, IReadOnlyList<CompletionItem> items, string typed)
    {
        // FilterItems alone returns only the best-scored group.
        var matches = items.Where(item => item.FilterText.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).Take(MaximumMatches).ToList();
        return matches.Count > 0 ? matches : service.FilterItems(document, items.ToImmutableArray(), typed).Take(MaximumMatches).ToList();
    }

    private static JsonObject Reply(List<CompletionItem> items, int start, int end) => new()
    {
        ["status"] = "ok",
        ["matches"] = new JsonArray(items.Select(item => (JsonNode?)item.DisplayText).ToArray()),
        ["cursor_start"] = start,
        ["cursor_end"] = end,
        ["metadata"] = new JsonObject
        {
            ["_jupyter_types_experimental"] = new JsonArray(items.Select(item => (JsonNode?)new JsonObject
            {
                ["text"] = item.DisplayText,
                ["type"] = item.Tags.FirstOrDefault()?.ToLowerInvariant() ?? "",
                ["start"] = start,
                ["end"] = end,
            }).ToArray()),
        },
    };

    private Document Open(string code)
    {
        lock (_lock)
        {
            _solution ??= new AdhocWorkspace(Host.Value).CurrentSolution;
            while (_submissions.Count < session.Submissions.Count)
            {
                (_solution, var project, _) = Append(_solution, session.Submissions[_submissions.Count], _submissions.LastOrDefault());
                _submissions.Add(project);
            }
            var (solution, _, document) = Append(_solution, code, _submissions.LastOrDefault());
            return solution.GetDocument(document)!; // Append added it
        }
    }

    private static (Solution Solution, ProjectId Project, DocumentId Document) Append(Solution solution, string code, ProjectId? previous)
    {
        var project = ProjectId.CreateNewId();
        var name = $"Submission{solution.ProjectIds.Count}";
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, usings: ScriptEnvironment.Imports, allowUnsafe: true, scriptClassName: name);
        solution = solution.AddProject(ProjectInfo.Create(
            project, VersionStamp.Create(), name, name, LanguageNames.CSharp, parseOptions: ScriptEnvironment.ParseOptions, compilationOptions: options,
            metadataReferences: ScriptEnvironment.References, isSubmission: true, projectReferences: previous is null ? null : [new ProjectReference(previous)]));
        var document = DocumentId.CreateNewId(project);
        return (solution.AddDocument(document, name + ".csx", SourceText.From(code)), project, document);
    }

    private static int ToUtf16(string text, int codePoints)
    {
        int index = 0;
        for (; codePoints > 0 && index < text.Length; codePoints--)
            index += index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]) ? 2 : 1;
        return index;
    }

    private static int ToCodePoints(string text, int utf16) => text[..utf16].EnumerateRunes().Count();
}
