using System.Collections;
using System.Diagnostics;
using System.Reflection;

namespace Workbench.Notebooks.Kernel.Formatting;

/// <summary>The first items of any sequence: endless, slow and failing ones too.</summary>
/// <param name="Items">What came, in order.</param>
/// <param name="Total">How many there are, or null when only enumerating could tell.</param>
/// <param name="Failure">Why the sequence ended early, or null.</param>
internal sealed record SequenceItems(IReadOnlyList<object?> Items, long? Total, string? Failure)
{
    // A lazy sequence may do hours of work; what it gave until then is shown.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly MethodInfo CheapCount = typeof(Enumerable).GetMethod(nameof(Enumerable.TryGetNonEnumeratedCount))
        ?? throw new MissingMethodException(nameof(Enumerable), nameof(Enumerable.TryGetNonEnumeratedCount));

    public static SequenceItems Take(IEnumerable sequence, int maximum)
    {
        var items = new List<object?>();
        try
        {
            var total = Count(sequence);
            long started = Stopwatch.GetTimestamp();
            foreach (var item in sequence)
            {
                if (items.Count == maximum || (items.Count >= ShownTable.PageSize && Stopwatch.GetElapsedTime(started) > Patience))
                    return new(items, total, null);
                items.Add(item);
            }
            return new(items, items.Count, null);
        }
        catch (Exception failure) when (FormatFailure.IsOfTheValue(failure))
        {
            return new(items, null, $"The sequence ended after {items.Count} items: {FormatFailure.Describe(failure)}");
        }
    }

    /// <summary>The T of IEnumerable&lt;T&gt;; object when there is none.</summary>
    public static Type DeclaredType(IEnumerable sequence) => sequence.GetType().GetInterfaces()
        .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(type => type.GetGenericArguments()[0]).OrderBy(type => type == typeof(object)).FirstOrDefault() ?? typeof(object);

    private static long? Count(IEnumerable sequence)
    {
        if (sequence is ICollection collection)
            return collection.Count;
        object?[] arguments = [sequence, null];
        return sequence.GetType().GetInterfaces().Contains(typeof(IEnumerable<>).MakeGenericType(DeclaredType(sequence)))
            && (bool)CheapCount.MakeGenericMethod(DeclaredType(sequence)).Invoke(null, arguments)! // returns bool
            ? (int)arguments[1]! // set when it returned true
            : null;
    }
}
