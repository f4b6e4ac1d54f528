using System.Globalization;
using Workbench.Data;

namespace Workbench.Drift.Expectations;

/// <summary>All that is wrong in a file of expectations, so that it is told at once.</summary>
internal sealed class ExpectationProblems(string origin)
{
    private readonly List<(long Line, string Message)> _found = [];

    public void Add(long line, string message) => _found.Add((line, message));

    /// <exception cref="DataException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count == 0)
            return;
        var lines = _found.OrderBy(problem => problem.Line).Select(problem => string.Create(CultureInfo.InvariantCulture, $"line {problem.Line}: {problem.Message}"));
        throw new DataException($"The expectations in '{origin}' cannot be used.{Environment.NewLine}{string.Join(Environment.NewLine, lines)}") { Origin = origin, Line = _found.Min(problem => problem.Line) };
    }
}
