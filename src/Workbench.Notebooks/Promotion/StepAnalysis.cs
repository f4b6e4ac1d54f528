using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Finds which variables go from step to step, where the author did not say, and checks what the author said: a
/// variable that one step declares or assigns and a later one uses is an output of the one and an input of the other.
/// Changes inside an object (adding to a list of another step) cannot be seen.
/// </summary>
internal sealed class StepAnalysis
{
    private readonly string _origin;
    private readonly IReadOnlyList<NotebookStep> _steps;
    private readonly Dictionary<string, NotebookStep> _stepOfCell = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxTree, CompiledSegment> _segmentOfTree = [];
    private readonly Dictionary<string, ISymbol> _frames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ISymbol> _variables = new(StringComparer.Ordinal);
    private readonly Dictionary<ISymbol, NotebookStep> _assignedBy = new(SymbolEqualityComparer.Default);
    private readonly List<(NotebookStep From, NotebookStep To, string Name)> _flows = [];

    private StepAnalysis(NotebookDocument document, string origin)
    {
        _origin = origin;
        _steps = NotebookSteps.Read(document, origin);
        foreach (var step in _steps)
            foreach (var id in step.CellIds)
                _stepOfCell[id] = step;
    }

    /// <summary>The steps with their inputs and outputs.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="origin">Its path, for errors.</param>
    /// <param name="alsoHandedOn">A variable that something behind the last step needs, or null.</param>
    /// <exception cref="DataException">A tagged cell does not compile, uses what its step does not have, or a declared input or output does not hold.</exception>
    public static IReadOnlyList<ResolvedStep> Resolve(NotebookDocument document, string origin, string? alsoHandedOn = null)
    {
        var analysis = new StepAnalysis(document, origin);
        try
        {
            foreach (var segment in NotebookCode.Compile(document))
                analysis.Visit(segment);
        }
        catch (ArgumentException failure)
        {
            throw new DataException($"Notebook '{origin}': {failure.Message}", failure) { Origin = origin };
        }
        return analysis._steps.Select(step => analysis.Resolve(step, alsoHandedOn)).ToList();
    }

    private static bool IsShared(NotebookCell cell) => cell.HasTag(CellTags.Setup) || cell.HasTag(CellTags.Parameters);

    private void Visit(CompiledSegment segment)
    {
        var step = _stepOfCell.GetValueOrDefault(segment.Cell.Id);
        if (segment.Segment.Language == "sql" && step is not null)
            VisitSql(segment, step);
        if (segment is not { Compilation: { } compilation, Tree: { } tree })
            return;
        _segmentOfTree[tree] = segment;
        var model = compilation.GetSemanticModel(tree);
        if (step is not null || IsShared(segment.Cell))
            RefuseErrors(segment, model);
        if (step is not null && segment.Segment.Language == "csharp")
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
                VisitName(segment, step, name, model);
        Remember(compilation);
    }

    private void RefuseErrors(CompiledSegment segment, SemanticModel model)
    {
        if (model.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is not { } error)
            return;
        throw new DataException(
            $"Notebook '{_origin}', {NotebookSteps.Place(segment.Cell, segment.CellIndex)}, line {error.Location.GetLineSpan().StartLinePosition.Line + 1}: {error.Id}: {error.GetMessage()}. A step must compile before it can be promoted.")
        { Origin = _origin, Line = error.Location.GetLineSpan().StartLinePosition.Line + 1 };
    }

    private void VisitName(CompiledSegment segment, NotebookStep step, SimpleNameSyntax name, SemanticModel model)
    {
        if (model.GetSymbolInfo(name).Symbol?.OriginalDefinition is not { ContainingType.IsScriptClass: true } symbol)
            return;
        Use(segment, step, symbol);
        if (IsAssigned(name))
            _assignedBy[symbol] = step;
    }

    private void VisitSql(CompiledSegment segment, NotebookStep step)
    {
        foreach (var word in SqlSession.Words(segment.Segment.Source))
            if (_frames.TryGetValue(word, out var frame))
                Use(segment, step, frame);
        foreach (var parameter in SqlSession.ParameterNames(segment.Segment.Source))
            if (_variables.TryGetValue(parameter, out var variable))
                Use(segment, step, variable);
    }

    private void Use(CompiledSegment user, NotebookStep step, ISymbol symbol)
    {
        if (symbol.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is not { } tree || !_segmentOfTree.TryGetValue(tree, out var declaring))
            return;
        var owner = _assignedBy.GetValueOrDefault(symbol) ?? _stepOfCell.GetValueOrDefault(declaring.Cell.Id);
        if (owner == step || (owner is null && IsShared(declaring.Cell)))
            return;
        if (owner is null)
            throw Refuse(user, step, $"uses '{symbol.Name}' of {NotebookSteps.Place(declaring.Cell, declaring.CellIndex)}, which belongs to no step; tag that cell 'setup', or as part of a step");
        if (symbol is not (IFieldSymbol or IPropertySymbol))
            throw Refuse(user, step, $"uses '{symbol.Name}' that step '{owner.Name}' declares; move types and functions to a cell tagged 'setup'");
        if (symbol is IFieldSymbol { Type.IsAnonymousType: true })
            throw Refuse(user, step, $"uses '{symbol.Name}' of step '{owner.Name}', which is of an anonymous type and cannot travel; declare a record for it in a cell tagged 'setup'");
        if (!_flows.Contains((owner, step, symbol.Name)))
            _flows.Add((owner, step, symbol.Name));
    }

    private DataException Refuse(CompiledSegment user, NotebookStep step, string what) =>
        new($"Notebook '{_origin}', {NotebookSteps.Place(user.Cell, user.CellIndex)}: step '{step.Name}' {what}.") { Origin = _origin };

    // Every way of declaring counts: plainly, by deconstruction, or as an out argument.
    private void Remember(CSharpCompilation compilation)
    {
        foreach (var field in compilation.ScriptClass?.GetMembers().OfType<IFieldSymbol>() ?? [])
        {
            if (!field.CanBeReferencedByName)
                continue;
            _variables[field.Name] = field;
            if (field.Type.Name == nameof(Microsoft.Data.Analysis.DataFrame))
                _frames[field.Name] = field;
            else
                _frames.Remove(field.Name);
        }
    }

    private static bool IsAssigned(SimpleNameSyntax name) => name.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == name,
        PrefixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PreIncrementExpression) || unary.IsKind(SyntaxKind.PreDecrementExpression),
        PostfixUnaryExpressionSyntax unary => unary.IsKind(SyntaxKind.PostIncrementExpression) || unary.IsKind(SyntaxKind.PostDecrementExpression),
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None) && !argument.RefKindKeyword.IsKind(SyntaxKind.InKeyword),
        _ => false,
    };

    private ResolvedStep Resolve(NotebookStep step, string? alsoHandedOn)
    {
        var used = _flows.Where(flow => flow.To == step).Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var needed = _flows.Where(flow => flow.From == step).Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        RequireComplete(step, step.Inputs, used, "inputs", "it uses");
        RequireComplete(step, step.Outputs, needed, "outputs", "later steps use");
        foreach (var output in step.Outputs ?? [])
            if (!_variables.ContainsKey(output))
                throw new DataException($"Notebook '{_origin}': step '{step.Name}' names the output '{output}', but no cell declares such a variable.") { Origin = _origin, Value = output };
        foreach (var input in (step.Inputs ?? []).Except(used))
            RequireProducer(step, input);
        return new(step, step.Inputs ?? used, step.Outputs ?? WithClaims(step, needed, alsoHandedOn));
    }

    private void RequireComplete(NotebookStep step, IReadOnlyList<string>? declared, List<string> found, string what, string who)
    {
        if (declared is not null && found.Except(declared).ToList() is { Count: > 0 } missing)
            throw new DataException(
                $"Notebook '{_origin}': step '{step.Name}' names the {what} '{string.Join(", ", declared)}', but {who} '{string.Join(", ", missing)}' as well. Add it, or leave the {what} out to have them found.")
            { Origin = _origin, Value = missing[0] };
    }

    private void RequireProducer(NotebookStep step, string input)
    {
        bool produced = _steps.TakeWhile(earlier => earlier != step).Any(earlier => Declares(earlier, input));
        if (!produced)
            throw new DataException($"Notebook '{_origin}': step '{step.Name}' names the input '{input}', but no earlier step declares such a variable.") { Origin = _origin, Value = input };
    }

    private bool Declares(NotebookStep step, string variable) =>
        step.Outputs?.Contains(variable) ?? (_variables.TryGetValue(variable, out var symbol) && OwnerOf(symbol) == step);

    private NotebookStep? OwnerOf(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is { } tree && _segmentOfTree.TryGetValue(tree, out var segment) ? _stepOfCell.GetValueOrDefault(segment.Cell.Id) : null;

    // An input that a later step names although its code does not show it (a name in a text) is handed on as well.
    private List<string> WithClaims(NotebookStep step, List<string> needed, string? alsoHandedOn)
    {
        var claimed = _steps.SkipWhile(later => later != step).Skip(1).SelectMany(later => later.Inputs ?? []);
        if (alsoHandedOn is not null)
            claimed = claimed.Append(alsoHandedOn);
        return needed.Concat(claimed.Where(name => Declares(step, name))).Distinct().Order(StringComparer.Ordinal).ToList();
    }
}
