using Workbench.Data;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!share x --from python --as y</c>: a variable of another language, in this one.</summary>
internal sealed class ShareMagic(Func<string, ICellLanguage> find) : ICellMagic
{
    public string Name => "share";

    public string Summary => "Takes a variable of another language: #!share NAME --from LANGUAGE [--as NAME].";

    public IReadOnlyList<string> Options { get; } = ["from", "as", "mime-type"];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        if (magic.Options.Words is not [var name])
            throw new ArgumentException($"#!share takes one name, not {magic.Options.Words.Count}: #!share NAME --from LANGUAGE [--as NAME].");
        Store(language).Set(magic.Options["as"] ?? name, Read(find(magic.Options.Required("from")), name));
    }

    /// <summary>The variables of a language.</summary>
    /// <exception cref="ArgumentException">It has none.</exception>
    public static IVariableStore Store(ICellLanguage language) => language as IVariableStore
        ?? throw new ArgumentException($"{language.Name} has no variables, so nothing can be shared with it.");

    /// <exception cref="ArgumentException">There is no such variable; the message names the nearest.</exception>
    public static object? Read(ICellLanguage language, string name)
    {
        var store = Store(language);
        if (store.TryGet(name, out var value))
            return value;
        var known = store.List().Select(variable => variable.Name).ToList();
        throw new ArgumentException($"{language.Name} has no variable '{name}'.{Suggestion.DidYouMean(name, known)} Known: {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
    }
}
