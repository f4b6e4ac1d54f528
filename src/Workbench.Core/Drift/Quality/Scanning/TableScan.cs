using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Counts all columns of one side in one pass, and exactly what the pass could only guess where it matters.</summary>
internal static class TableScan
{
    /// <summary>A value that fills 0.99 of the rows leads by at least this share of them.</summary>
    public const double LeadShare = 0.98;
    // Columns whose values are nearly all different by the estimate may all be different.
    private const double NearlyUnique = 0.9;
    private const int WidestBatch = 16;

    public static TableProfile Run(DuckInput input, ScanOptions options, CancellationToken cancellationToken)
    {
        var columns = input.Columns.Where(column => options.Chooses(column.Name)).ToList();
        var profiles = new ColumnProfile[columns.Count];
        // Twice as many batches as workers even out columns that take longer.
        int size = Math.Clamp((columns.Count + 2 * options.Workers - 1) / (2 * options.Workers), 1, WidestBatch);
        RelationWorkers.Run(input, Enumerable.Range(0, columns.Count).Chunk(size).ToList(), options.Workers, (query, batch) =>
        {
            var tallies = batch.Select(i => ColumnTally.Of(columns[i].Name, columns[i].Type, options.Reference?.Find(columns[i].Name), options.FindsShapes)).ToList();
            query.Stream($"SELECT {string.Join(", ", tallies.Select(tally => tally.Select))} FROM {query.Relation}", vectors =>
            {
                for (int i = 0; i < tallies.Count; i++)
                    tallies[i].Add(vectors, i);
            });
            for (int i = 0; i < batch.Length; i++)
                profiles[batch[i]] = tallies[i].Build();
        }, cancellationToken);
        var open = Enumerable.Range(0, profiles.Length).Where(i => profiles[i].Candidate is not null || MayBeUnique(profiles[i])).ToList();
        RelationWorkers.Run(input, open, options.Workers, (query, i) => profiles[i] = Settle(query, profiles[i]), cancellationToken);
        return new(input.Name, input.Rows, profiles);
    }

    // Measured numbers are different by chance and name nothing.
    private static bool MayBeUnique(ColumnProfile profile) =>
        !profile.IsDistinctExact && profile.Kind is ValueKind.Integer or ValueKind.Text or ValueKind.Other && profile.Distinct >= NearlyUnique * profile.Present;

    private static ColumnProfile Settle(RelationQuery query, ColumnProfile profile)
    {
        string column = DuckSession.Identifier(profile.Column);
        if (profile.Candidate is { } candidate)
        {
            long rows = query.Count($"SELECT count(*) FROM {query.Relation} WHERE {column}{(profile.Kind == ValueKind.Number ? "::DOUBLE" : "")} = {candidate.Sql}");
            return profile with { Usual = (candidate.Text, rows) };
        }
        string present = profile.Kind == ValueKind.Text ? $"WHERE {ColumnSql.NotBlank(column)}" : "";
        return profile with { Distinct = query.Count($"SELECT count(DISTINCT {column}) FROM {query.Relation} {present}"), IsDistinctExact = true };
    }
}
