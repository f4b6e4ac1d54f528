using System.Globalization;
using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!who</c> and <c>#!whos</c>: the variables of the cell's language.</summary>
/// <param name="withValues">Whether types and values are shown as well (<c>#!whos</c>).</param>
internal sealed class WhoMagic(bool withValues) : ICellMagic
{
    private const int MaximumText = 120;

    public string Name => withValues ? "whos" : "who";

    public string Summary => withValues ? "Lists the variables with their types and values." : "Lists the variables.";

    public IReadOnlyList<string> Options => [];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        if (language is not IVariableStore store)
            throw new ArgumentException($"#!{Name}: {language.Name} has no variables.");
        var variables = store.List();
        var bundle = withValues
            ? OutputFormatter.Format(variables.Select(variable => new { variable.Name, variable.Type, Value = Text(variable.Value) }).ToList())
            : OutputFormatter.Format(variables.Count == 0 ? $"{language.Name} has no variables yet." : string.Join('\n', variables.Select(variable => variable.Name)));
        cell.Output.Display(bundle, null, update: false);
    }

    private static string? Text(object? value)
    {
        if (value is null)
            return null;
        var text = value is string given ? given : OutputFormatter.Format(value).Data["text/plain"]?.ToString() ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        var first = text.Split('\n')[0];
        return first.Length < text.Length || first.Length > MaximumText ? first[..Math.Min(first.Length, MaximumText)] + " …" : first;
    }
}
