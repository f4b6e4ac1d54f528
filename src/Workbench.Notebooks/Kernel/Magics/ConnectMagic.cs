using DuckDB.NET.Data;
using Workbench.Notebooks.Kernel.Languages;

namespace Workbench.Notebooks.Kernel.Magics;

/// <summary><c>#!connect duckdb --kernel-name NAME --connection-string ...</c>: another database as a language of its own.</summary>
internal sealed class ConnectMagic(Action<ICellLanguage> add, IVariableStore variables) : ICellMagic
{
    public string Name => "connect";

    public string Summary => "Adds a language: #!connect duckdb --kernel-name NAME --connection-string \"Data Source=FILE\".";

    public IReadOnlyList<string> Options { get; } = ["kernel-name", "connection-string"];

    public void Run(CellMagic magic, ICellLanguage language, CellRun cell)
    {
        var name = magic.Options.Required("kernel-name");
        switch (magic.Options.Words)
        {
            case ["duckdb"]:
                add(new SqlLanguage(name, OpenDuckDb(magic.Options.Required("connection-string")), variables));
                break;
            case [var other]:
                throw new ArgumentException($"#!connect {other} is not supported. Known: duckdb.");
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
