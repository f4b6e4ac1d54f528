using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A side that its source counts, but for some columns, which were copied and are read from there. The source stays the caller's.</summary>
internal sealed class CopiedInput(DriftInput source, DuckInput copy) : DriftInput
{
    public override IReadOnlyList<TableColumn> Columns => source.Columns;
    public override long Rows => source.Rows;

    public override void LimitMemory(long bytes) => copy.LimitMemory(bytes);

    public override ColumnReader Connect() => new CopiedReader(source.Connect(), copy.Connect(), copy.Columns.Select(column => column.Name).ToHashSet(StringComparer.Ordinal));

    public override void Dispose() => copy.Dispose();
}
