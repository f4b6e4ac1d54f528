namespace Workbench.Drift.Expectations;

/// <summary>A rule as a file may write it.</summary>
/// <param name="Name">Such as range.</param>
/// <param name="Arguments">Names of what it takes; those of its short form first.</param>
/// <param name="Takes">What it takes, in words.</param>
/// <param name="Read">Makes the expectation; null when what is given was wrong, which was noted.</param>
internal sealed record ExpectationRule(string Name, IReadOnlyList<string> Arguments, string Takes, Func<RuleArguments, Expectation?> Read)
{
    /// <summary>Whether the short form is true or false.</summary>
    public bool IsFlag { get; init; }
    /// <summary>Whether the short form is a list.</summary>
    public bool TakesList { get; init; }
    /// <summary>Whether the short form is two values in brackets.</summary>
    public bool TakesTwo { get; init; }
    /// <summary>Whether a part of the rows may break it.</summary>
    public bool TakesMostly { get; init; } = true;
}
