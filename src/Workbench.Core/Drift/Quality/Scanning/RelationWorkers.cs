using System.Runtime.ExceptionServices;
using Workbench.Data;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Quality.Scanning;

/// <summary>Work on one side by several workers, each with a connection of its own.</summary>
internal static class RelationWorkers
{
    /// <summary>Calls <paramref name="work"/> for each item, on no thread twice at a time.</summary>
    public static void Run<T>(DuckInput input, IReadOnlyList<T> items, int workers, Action<RelationQuery, T> work, CancellationToken cancellationToken)
    {
        try
        {
            Parallel.For(
                0, items.Count,
                new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
                () => new RelationQuery(input, cancellationToken),
                (i, _, query) =>
                {
                    work(query, items[i]);
                    return query;
                },
                query => query.Dispose());
        }
        catch (AggregateException failures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(failures.Flatten().InnerExceptions[0]);
        }
    }

    /// <summary>The side as one that DuckDB reads.</summary>
    /// <exception cref="DataException">It has no rows.</exception>
    public static DuckInput Require(DriftInput input) => input as DuckInput
        ?? throw new DataException($"The quality of '{input.Name}' cannot be checked: it is a profile, and Quality reads rows. Give the rows themselves, or leave Quality out.") { Origin = input.Name };
}
