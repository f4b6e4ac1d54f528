using DuckDB.NET.Data;
using Workbench.Notebooks.Kernel.Jupyter;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!connect duckdb|jupyter --kernel-name NAME ...</c>: another database, or another Jupyter kernel, as a language of its own.</summary>
internal sealed class ConnectMagic(Action<string, Func<ICellLanguage>> add, IVariableStore variables, Func<string, bool, string> ask) : ICellMagic
{
    public string Name => "connect";

    public string Summary => "Adds a language: #!connect duckdb --kernel-name NAME --connection-string \"Data Source=FILE\", or #!connect jupyter --kernel-name NAME --kernel-spec SPEC.";

    public IReadOnlyList<string> Options { get; } = ["kernel-name", "connection-string", "kernel-spec"];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        var name = magic.Options.Required("kernel-name");
        switch (magic.Options.Words)
        {
            case ["duckdb"]:
                add(name, () => new SqlLanguage(name, OpenDuckDb(magic.Options.Required("connection-string")), variables));
                break;
            case ["jupyter"]:
                add(name, () => new JupyterLanguage(name, magic.Options.Required("kernel-spec"), ask));
                break;
            case [var other]:
                throw new ArgumentException($"#!connect {other} is not supported. Known: duckdb, jupyter.");
            default:
                throw new ArgumentException("#!connect takes what to connect to: #!connect duckdb --kernel-name NAME --connection-string \"Data Source=FILE\".");
        }
    }

    private static SqlSession OpenDuckDb(string connectionString)
    {
        var connection = new DuckDBConnection(connectionString);
        connection.Open(); // now, so that a wrong file is refused here
        return new(() => connection);
    }
}
