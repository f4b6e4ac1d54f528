using Microsoft.CodeAnalysis;

namespace Workbench.Notebooks.Promotion;

/// <summary>A variable that goes from one step to another.</summary>
internal sealed record DataFlow(NotebookStep From, NotebookStep To, string Name);

/// <summary>Who gave each variable its present value, and who has used it since, while a notebook is read from top to bottom.</summary>
internal sealed class VariableOwners
{
    private readonly Dictionary<ISymbol, NotebookStep> _owner = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, CompiledSegment> _freeChange = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, (NotebookStep? Step, CompiledSegment Segment)> _touched = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<NotebookStep>> _sharers = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<(NotebookStep, string), ISymbol> _symbols = [];
    private readonly List<(ISymbol Symbol, NotebookStep User, NotebookStep Owner)> _uses = [];

    /// <summary>The step whose value the variable holds; null when no step has assigned it.</summary>
    public NotebookStep? Of(ISymbol symbol) => _owner.GetValueOrDefault(symbol);

    /// <summary>The cell of no step that assigned the variable last, or null.</summary>
    public CompiledSegment? FreeChange(ISymbol symbol) => _freeChange.GetValueOrDefault(symbol);

    /// <summary>The variable of that name which the step declares, assigns or changes, or null.</summary>
    public ISymbol? Symbol(NotebookStep step, string name) => _symbols.GetValueOrDefault((step, name));

    public void Assign(ISymbol symbol, NotebookStep? step, CompiledSegment segment, bool byMutation)
    {
        if (step is null && byMutation)
        {
            Touch(symbol, null, segment); // exploration that calls a method: most likely harmless
            return;
        }
        if (!byMutation)
            _touched.Remove(symbol);
        if (step is null)
        {
            _owner.Remove(symbol);
            _freeChange[symbol] = segment;
            return;
        }
        _freeChange.Remove(symbol);
        _owner[symbol] = step;
        _symbols[(step, symbol.Name)] = symbol;
    }

    /// <summary>Remembers a change that does not travel.</summary>
    public void Touch(ISymbol symbol, NotebookStep? step, CompiledSegment segment) => _touched.TryAdd(symbol, (step, segment));

    /// <summary>The cell outside <paramref name="step"/> whose change of the object does not travel; told once.</summary>
    public CompiledSegment? Touched(ISymbol symbol, NotebookStep step) =>
        _touched.TryGetValue(symbol, out var touched) && touched.Step != step && _touched.Remove(symbol) ? touched.Segment : null;

    public void Use(ISymbol symbol, NotebookStep user, NotebookStep owner) => _uses.Add((symbol, user, owner));

    /// <summary>A step that has used what <paramref name="owner"/> gave the variable, or null.</summary>
    public NotebookStep? UserSince(ISymbol symbol, NotebookStep owner) =>
        _uses.Find(use => use.Owner == owner && use.User != owner && SymbolEqualityComparer.Default.Equals(use.Symbol, symbol)).User;

    /// <summary>Remembers that a step uses a shared variable; true when a second one does, once.</summary>
    public bool Share(ISymbol symbol, NotebookStep step)
    {
        var sharers = _sharers.TryGetValue(symbol, out var known) ? known : _sharers[symbol] = [];
        return sharers.Add(step) && sharers.Count == 2;
    }
}
