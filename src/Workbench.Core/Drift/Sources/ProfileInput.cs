using Workbench.Data;

namespace Workbench.Drift.Sources;

/// <summary>A side of which only the profile is there.</summary>
internal sealed class ProfileInput(DriftProfile profile) : DriftInput
{
    public override IReadOnlyList<TableColumn> Columns { get; } = profile.Columns.Select(column => new TableColumn(column.Name, column.Type)).ToList();
    public override long Rows => profile.Rows;
    public override bool HasRows => false;

    public static ProfileInput Open(string path) => new(DriftProfile.Load(path)) { Name = path };

    public override ColumnReader Connect() => new ProfileReader(Name, profile);

    public override void Dispose() { }
}
