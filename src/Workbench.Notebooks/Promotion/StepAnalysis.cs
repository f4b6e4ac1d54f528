using Microsoft.CodeAnalysis;
using Workbench.Data;
using Workbench.Notebooks.Format;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Promotion;

/// <summary>
/// Finds which variables go from step to step, where the author did not say, and checks what the author said. A variable
/// belongs to the step that gave it its value, or that last changed its object as far as a call shows that; a step that
/// uses it takes it from there. What each step would run is compiled by itself.
/// </summary>
internal sealed class StepAnalysis
{
    // Languages whose parts touch no variable.
    private static readonly string[] Texts = ["markdown", "html", "mermaid", "javascript", "about", "lsmagic", "time", "who", "whos"];
    private static readonly string[] CSharpNames = ["c#", "csharp", "sql", "polyglot", "dotnet", ".net"];
    private static readonly string[] Known = ["csharp", "sql", "set", "share", .. Texts];

    private readonly string _origin;
    private readonly IReadOnlyList<NotebookStep> _steps;
    private readonly Dictionary<string, NotebookStep> _stepOfCell = new(StringComparer.Ordinal);
    private readonly Dictionary<SyntaxTree, CompiledSegment> _segmentOfTree = [];
    private readonly Dictionary<string, ISymbol> _variables = new(StringComparer.Ordinal);
    private readonly VariableOwners _owners = new();
    private readonly FunctionEffects _effects = new();
    private readonly SqlTables _tables = new();
    private readonly TravelRules _rules;
    private readonly HashSet<NotebookStep> _foreign = [];
    private readonly List<DataFlow> _flows = [];
    private readonly List<string> _warnings = [];

    private StepAnalysis(NotebookDocument document, string origin)
    {
        _origin = origin;
        _steps = NotebookSteps.Read(document, origin);
        _rules = new(type => SegmentOf(type) is { } segment && !IsShared(segment.Cell));
        foreach (var step in _steps)
            foreach (var id in step.CellIds)
                _stepOfCell[id] = step;
    }

    /// <summary>The steps in order, with their inputs and outputs.</summary>
    public IReadOnlyList<ResolvedStep> Steps { get; private set; } = [];

    /// <summary>What might differ from an interactive run and cannot be decided here.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Analyses a notebook.</summary>
    /// <param name="document">The notebook.</param>
    /// <param name="origin">Its path, for errors.</param>
    /// <param name="alsoHandedOn">A variable that something behind the last step needs, or null.</param>
    /// <exception cref="DataException">A tagged cell does not compile, uses what its step does not have, hands on what cannot travel, or a declared input or output does not hold.</exception>
    public static StepAnalysis Of(NotebookDocument document, string origin, string? alsoHandedOn = null)
    {
        if (!CSharpNames.Any(name => document.Language.StartsWith(name, StringComparison.Ordinal)))
            throw new DataException($"Notebook '{origin}' is written in {document.Language} (kernel '{document.KernelName}'). Steps are promoted from C# notebooks: finding and handing on variables is not possible in another language. Run it whole with 'workbench notebook run', or move the steps to a C# notebook.") { Origin = origin, Value = document.Language };
        var analysis = new StepAnalysis(document, origin);
        foreach (var segment in NotebookCode.Compile(document, origin))
            analysis.Visit(segment);
        analysis.Steps = [.. analysis._steps.Select(step => analysis.Resolve(step, document, alsoHandedOn))];
        foreach (var step in analysis.Steps)
            analysis.RequireTravel(step);
        foreach (var step in analysis.Steps)
            StepCompilation.Require(document, step, origin, name => analysis.TypeOf(step, name));
        return analysis;
    }

    private static bool IsShared(NotebookCell cell) => cell.HasTag(CellTags.Setup) || cell.HasTag(CellTags.Parameters);

    private void Visit(CompiledSegment segment)
    {
        var step = _stepOfCell.GetValueOrDefault(segment.Cell.Id);
        if (segment.Tree is { } tree)
            _segmentOfTree[tree] = segment;
        if ((step is not null || IsShared(segment.Cell)) && segment.Error is { } error)
            throw NotCompiling(segment, error);
        if (segment.Segment.Language == "sql")
            VisitSql(segment, step);
        else if (step is not null && !Known.Contains(segment.Segment.Language))
            VisitForeign(segment, step);
        else if (segment is { Segment.Language: "csharp", Compilation: { } compilation, Tree: { } code })
            VisitCSharp(segment, step, code.GetRoot(), compilation.GetSemanticModel(code));
        foreach (var variable in segment.Variables)
            Declare(segment, step, variable);
    }

    private DataException NotCompiling(CompiledSegment segment, Diagnostic error)
    {
        int line = error.Location.GetLineSpan().StartLinePosition.Line + 1;
        return new($"Notebook '{_origin}', {segment.Place}, line {line}: {error.Id}: {error.GetMessage()}. A step must compile before it can be promoted.") { Origin = _origin, Line = line };
    }

    private void VisitCSharp(CompiledSegment segment, NotebookStep? step, SyntaxNode root, SemanticModel model)
    {
        _effects.Learn(root, model);
        foreach (var access in VariableAccess.In(root, model, _effects.MutatedParameters).Where(access => access.Symbol is not IParameterSymbol))
        {
            Access(segment, step, access);
            foreach (var effect in _effects.Of(access.Symbol))
                Access(segment, step, effect);
        }
    }

    private void VisitForeign(CompiledSegment segment, NotebookStep step)
    {
        _foreign.Add(step);
        if (step.Inputs is null || step.Outputs is null)
            throw Refuse(segment, step, $"has a part in {segment.Segment.Language}, in which variables cannot be found; name the step's inputs and outputs: #!step {step.Name} --in a,b --out c (C# variables), or --in \"\" for none");
    }

    private void VisitSql(CompiledSegment segment, NotebookStep? step)
    {
        if (_tables.Visit(segment, step, IsShared(segment.Cell)) is { } foreign && step is not null)
            throw Refuse(segment, step, $"uses the table '{foreign.Table}' that {foreign.Maker.Place} {(foreign.Step is { } maker ? $"of step '{maker.Name}'" : "of no step")} makes or changes; a table stays in its step. Name the result there, #!sql --name {foreign.Table} and a SELECT, or make the table in a cell tagged 'setup'");
        if (step is null)
            return;
        var words = SqlSession.Words(segment.Segment.Source);
        foreach (var frame in _variables.Values.Where(variable => TypeOf(variable)?.Name == nameof(Microsoft.Data.Analysis.DataFrame) && words.Contains(variable.Name)).ToList())
            Use(segment, step, frame);
        foreach (var parameter in SqlSession.ParameterNames(segment.Segment.Source))
            if (_variables.TryGetValue(parameter, out var variable))
                Use(segment, step, variable);
    }

    private void Access(CompiledSegment segment, NotebookStep? step, VariableAccess access)
    {
        if (step is not null)
            Use(segment, step, access.Symbol);
        else if (IsShared(segment.Cell))
            RefuseSharedUse(segment, access.Symbol);
        if (access.Kind == AccessKind.Read || access.Symbol is not (IFieldSymbol or IPropertySymbol) || (step is null && IsShared(segment.Cell)))
            return;
        if (access.Kind == AccessKind.Mutate && !Travels(access.Symbol, step))
            _owners.Touch(access.Symbol, step, segment);
        else
            Assign(segment, step, access);
    }

    // Whether a change of the object makes the step hand it on: not where the author's outputs leave it out, where its type
    // cannot travel, or where it is something like a logger that each step makes for itself in a cell tagged setup.
    private bool Travels(ISymbol variable, NotebookStep? step) =>
        TypeOf(variable) is { } type && _rules.WhyNot(type) is null && step?.Outputs?.Contains(variable.Name) is not false
        && (TravelRules.IsData(type) || _owners.Of(variable) is not null || SegmentOf(variable) is not { } declaring || !IsShared(declaring.Cell));

    private void Assign(CompiledSegment segment, NotebookStep? step, VariableAccess access)
    {
        if (step is not null && _owners.UserSince(access.Symbol, step) is { } user)
            throw Refuse(segment, step, $"changes '{access.Symbol.Name}' after step '{user.Name}' has used it; the cells of a step run together, so put this cell in front of that step or into a step of its own");
        _owners.Assign(access.Symbol, step, segment, byMutation: access.Kind == AccessKind.Mutate);
    }

    private void RefuseSharedUse(CompiledSegment segment, ISymbol symbol)
    {
        if (SegmentOf(symbol) is not { } declaring || segment == declaring)
            return;
        var owner = OwnerOf(symbol, declaring);
        if (owner is not null)
            throw new DataException($"Notebook '{_origin}', {segment.Place}: the cell is run by every step and uses '{symbol.Name}' of step '{owner.Name}'; make it part of a step, or declare what it uses in a cell tagged 'setup' before.") { Origin = _origin, Value = symbol.Name };
        if (!IsShared(declaring.Cell))
            throw new DataException($"Notebook '{_origin}', {segment.Place}: the cell is run by every step and uses '{symbol.Name}' of {declaring.Place}, which belongs to no step; tag that cell 'setup'.") { Origin = _origin, Value = symbol.Name };
    }

    private void Use(CompiledSegment user, NotebookStep step, ISymbol symbol)
    {
        if (SegmentOf(symbol) is not { } declaring)
            return;
        var owner = OwnerOf(symbol, declaring);
        Warn(user, step, symbol);
        if (owner == step || (owner is null && IsShared(declaring.Cell) && _owners.FreeChange(symbol) is null))
            return;
        if (owner is null)
            throw Refuse(user, step, (_owners.FreeChange(symbol) ?? declaring) is var free && free == declaring
                ? $"uses '{symbol.Name}' of {declaring.Place}, which belongs to no step; tag that cell 'setup', or as part of a step"
                : $"uses '{symbol.Name}', which {free.Place} changes; that cell belongs to no step and would not run. Tag it as part of a step, or leave the variable alone there");
        if (symbol is not (IFieldSymbol or IPropertySymbol))
            throw Refuse(user, step, $"uses '{symbol.Name}' that step '{owner.Name}' declares; move types and functions to a cell tagged 'setup'");
        if (IndexOf(owner) > IndexOf(step))
            throw Refuse(user, step, $"uses '{symbol.Name}' of step '{owner.Name}', which runs later: a step stands where its first cell stands. Put the cells of the steps in order, or split the step");
        _owners.Use(symbol, step, owner);
        var flow = new DataFlow(owner, step, symbol.Name);
        if (!_flows.Contains(flow))
            _flows.Add(flow);
    }

    private void Warn(CompiledSegment user, NotebookStep step, ISymbol symbol)
    {
        if (_owners.Touched(symbol, step) is { } touched)
            _warnings.Add($"{user.Place}: step '{step.Name}' uses '{symbol.Name}', and {touched.Place} seems to change the object that it holds. That change does not travel; assign a new variable where it should.");
        if (TypeOf(symbol) is { Name: nameof(Random) } && symbol is IFieldSymbol && _owners.Share(symbol, step))
            _warnings.Add($"{user.Place}: '{symbol.Name}' is a random generator that several steps use; each step starts it anew, so the figures differ from an interactive run. Seed one in each step.");
    }

    private DataException Refuse(CompiledSegment user, NotebookStep step, string what) =>
        new($"Notebook '{_origin}', {user.Place}: step '{step.Name}' {what}.") { Origin = _origin };

    private void Declare(CompiledSegment segment, NotebookStep? step, ISymbol variable)
    {
        if (step is not null && _variables.TryGetValue(variable.Name, out var earlier) && _owners.UserSince(earlier, step) is { } user)
            throw Refuse(segment, step, $"declares '{variable.Name}' anew after step '{user.Name}' has used it; the cells of a step run together, so give the new variable another name");
        _variables[variable.Name] = variable;
        if (step is not null)
            _owners.Assign(variable, step, segment, byMutation: false);
    }

    private CompiledSegment? SegmentOf(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.FirstOrDefault()?.SyntaxTree is { } tree ? _segmentOfTree.GetValueOrDefault(tree) : null;

    private NotebookStep? OwnerOf(ISymbol symbol, CompiledSegment declaring) =>
        _owners.FreeChange(symbol) is null ? _owners.Of(symbol) ?? _stepOfCell.GetValueOrDefault(declaring.Cell.Id) : null;

    private int IndexOf(NotebookStep step) => _steps.ToList().IndexOf(step);

    private static ITypeSymbol? TypeOf(ISymbol variable) => (variable as IFieldSymbol)?.Type ?? (variable as IPropertySymbol)?.Type;

    // The type under which the nearest step before hands a variable on.
    private ITypeSymbol? TypeOf(ResolvedStep step, string variable) =>
        _flows.LastOrDefault(flow => flow.To == step.Step && flow.Name == variable) is { } flow && _owners.Symbol(flow.From, variable) is { } handed
            ? TypeOf(handed)
            : _steps.TakeWhile(earlier => earlier != step.Step).Reverse().Select(earlier => _owners.Symbol(earlier, variable)).OfType<ISymbol>().Select(TypeOf).FirstOrDefault();

    private ResolvedStep Resolve(NotebookStep step, NotebookDocument document, string? alsoHandedOn)
    {
        var used = _flows.Where(flow => flow.To == step).Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        var needed = _flows.Where(flow => flow.From == step).Select(flow => flow.Name).Distinct().Order(StringComparer.Ordinal).ToList();
        RequireComplete(step, step.Inputs, used, "inputs", "it uses");
        RequireComplete(step, step.Outputs, needed, "outputs", "later steps use");
        foreach (var output in step.Outputs ?? [])
            if (!_variables.ContainsKey(output) && !_foreign.Contains(step))
                throw new DataException($"Notebook '{_origin}': step '{step.Name}' names the output '{output}', but no cell declares such a variable.{Suggestion.DidYouMean(output, _variables.Keys)}{FileHint(output)}") { Origin = _origin, Value = output };
        foreach (var input in (step.Inputs ?? []).Except(used))
            RequireProducer(step, input);
        var hash = StepCell.HashOf(document.KernelName, StepCell.Read(document, _steps), step.Name);
        return new(step, step.Inputs ?? used, step.Outputs ?? WithClaims(step, needed, alsoHandedOn), hash);
    }

    private static string FileHint(string output) =>
        output.Contains('.') || output.Contains('/') ? $" To hand on a file, declare it: var file = new FileInfo(\"{output}\"); and name that variable." : "";

    private void RequireComplete(NotebookStep step, IReadOnlyList<string>? declared, List<string> found, string what, string who)
    {
        if (declared is not null && found.Except(declared).ToList() is { Count: > 0 } missing)
            throw new DataException(
                $"Notebook '{_origin}': step '{step.Name}' names the {what} '{string.Join(", ", declared)}', but {who} '{string.Join(", ", missing)}' as well. Add it, or leave the {what} out to have them found.")
            { Origin = _origin, Value = missing[0] };
    }

    private void RequireProducer(NotebookStep step, string input)
    {
        if (!_steps.TakeWhile(earlier => earlier != step).Any(earlier => HandsOn(earlier, input)))
            throw new DataException($"Notebook '{_origin}': step '{step.Name}' names the input '{input}', but no earlier step declares such a variable.") { Origin = _origin, Value = input };
    }

    private bool HandsOn(NotebookStep step, string variable) => step.Outputs?.Contains(variable) ?? _owners.Symbol(step, variable) is not null;

    // An input that a later step names although its code does not show it (a name in a text) is handed on as well.
    private List<string> WithClaims(NotebookStep step, List<string> needed, string? alsoHandedOn)
    {
        var claimed = _steps.SkipWhile(later => later != step).Skip(1).SelectMany(later => later.Inputs ?? []);
        if (alsoHandedOn is not null)
            claimed = claimed.Append(alsoHandedOn);
        return needed.Concat(claimed.Where(name => HandsOn(step, name))).Distinct().Order(StringComparer.Ordinal).ToList();
    }

    private void RequireTravel(ResolvedStep step)
    {
        foreach (var output in step.Outputs)
            if (_owners.Symbol(step.Step, output) is { } variable && TypeOf(variable) is { } type && _rules.WhyNot(type) is { } why)
                throw new DataException(
                    $"Notebook '{_origin}', {SegmentOf(variable)?.Place}: step '{step.Name}' hands on '{output}' of type {type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, which cannot go to another step: {why}. {Kernel.CSharp.CSharpTypeName.Travels}")
                { Origin = _origin, Value = output };
    }
}
