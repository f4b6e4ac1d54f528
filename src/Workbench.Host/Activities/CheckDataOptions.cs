namespace Workbench.Host.Activities;

/// <summary>Which rows are checked, and what they must be like.</summary>
[Activity(CheckData.Type, DisplayName = "Check data", Category = "Data", Outcomes = ["Passed", "Failed"],
    Description = "Checks rows before they are used: a file of expectations, a reference, a key, the age of the newest row. Failed when an expectation of severity error is broken or an error is found. The report is kept among the host's reports.")]
[Output("rows", "Int64", "Rows that were checked.")]
[Output("errors", "Int32", "Broken expectations and findings of severity error.")]
[Output("warnings", "Int32", "Broken expectations and findings of severity warning.")]
[Output("findings", "Object", "What is wrong as texts, the worst first, at most 50.")]
[Output("report", "String", "File name of the report.")]
internal sealed record CheckDataOptions
{
    [Input("Parquet or CSV: file, glob or folder, relative to the project.")]
    public required string Data { get; init; }
    [Input("File of expectations, as workbench data expect writes it, relative to the project; empty: none.")]
    public string? Expectations { get; init; }
    [Input("Parquet or CSV with rows as they should be; empty: none.")]
    public string? Reference { get; init; }
    [Input("Columns that together name a row; none may be there twice.")]
    public IReadOnlyList<string> Key { get; init; } = [];
    [Input("Column of times that says how old a row is; empty: none.")]
    public string? Time { get; init; }
    [Input("Oldest that the newest row may be, such as 1.00:00:00 for a day; empty: no limit.", DisplayName = "Max age")]
    public TimeSpan? MaxAge { get; init; }
    [Input("Whether a warning fails too.")]
    public bool Strict { get; init; }
}
