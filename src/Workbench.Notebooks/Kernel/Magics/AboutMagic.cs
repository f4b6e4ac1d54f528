using System.Runtime.InteropServices;
using Workbench.Notebooks.Kernel.Formatting;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!about</c>: what this kernel is and runs on.</summary>
internal sealed class AboutMagic : ICellMagic
{
    public string Name => "about";

    public string Summary => "Says what this kernel is and runs on.";

    public IReadOnlyList<string> Options => [];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell) => cell.Output.Display(OutputFormatter.Format(new[]
    {
        new { What = "Workbench", Version = KernelDescription.Version },
        new { What = ".NET", Version = Environment.Version.ToString() },
        new { What = "C#", Version = KernelDescription.CSharpVersion },
        new { What = "DuckDB", Version = DuckDbVersion() },
        new { What = "System", Version = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}" },
        new { What = "Process", Version = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) },
    }), null, update: false);

    private static string DuckDbVersion()
    {
        using var connection = Tables.DataFrameTables.OpenMemory();
        return connection.ServerVersion;
    }
}
