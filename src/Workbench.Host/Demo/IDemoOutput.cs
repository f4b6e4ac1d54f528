namespace Workbench.Host.Demo;

/// <summary>What a stage of the demo found: one line of real figures for people, the same as data for machines.</summary>
/// <param name="Line">One line with the figures.</param>
/// <param name="Figures">Name to number, text or list.</param>
internal sealed record StageResult(string Line, IReadOnlyDictionary<string, object?> Figures);

/// <summary>Where the demo says what happens.</summary>
internal interface IDemoOutput
{
    /// <summary>Runs a stage under a progress bar; the stage reports a fraction from 0 to 1 and what it is doing.</summary>
    Task<StageResult> StageAsync(int number, int count, string title, Func<IProgress<StageProgress>, Task<StageResult>> stage);

    /// <summary>The run ends because a stage does not hold.</summary>
    void Failed(int number, string title, string reason);

    /// <summary>The last word: where the report lies, and how long it took.</summary>
    void Finished(string reportPath, TimeSpan duration);
}

/// <param name="Fraction">From 0 to 1.</param>
/// <param name="Doing">A few words.</param>
internal readonly record struct StageProgress(double Fraction, string Doing);
