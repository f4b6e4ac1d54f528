using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!lsmagic</c>: languages and magics.</summary>
internal sealed class LsMagic(LanguageNames names, Func<IEnumerable<ICellMagic>> magics) : ICellMagic
{
    public string Name => "lsmagic";

    public string Summary => "Lists the languages and magics.";

    public IReadOnlyList<string> Options => [];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        var languages = names.Languages.Select(one => (Name: "#!" + one, Does: "Language" + (names.Aliases(one).ToList() is { Count: > 0 } aliases ? $"; also {string.Join(", ", aliases.Select(alias => "#!" + alias))}" : "")));
        var rows = languages.Concat(magics().Select(one => (Name: "#!" + one.Name, Does: one.Summary)))
            .Append((Name: "#!" + LanguageNames.StepMagic, Does: "Assigns the cell to a pipeline step: #!step NAME [--in a,b] [--out c] [--timeout 00:10:00] [--retries 2]."));
        cell.Output.Display(OutputFormatter.Format(rows.Select(row => new { Magic = row.Name, row.Does }).ToList()), null, update: false);
    }
}
