namespace Workbench.Data;

/// <summary>Kinds of table files; files of one kind can be read together.</summary>
internal enum TableFormat
{
    Parquet,
    Csv,
    Json,
}
