using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>Something that the supervisor hears of the attempt that runs.</summary>
/// <param name="At">Time since the attempt began.</param>
internal abstract record JobSignal(TimeSpan At)
{
    internal sealed record Joined(TimeSpan At, RankHello Hello) : JobSignal(At);

    /// <summary>A rank lives; <paramref name="Moves"/> counts what it did together with others beside its steps.</summary>
    internal sealed record Beat(TimeSpan At, int Rank, long? Step, long Moves, RankState State) : JobSignal(At);

    internal sealed record Reported(TimeSpan At, int Rank, JsonObject Data) : JobSignal(At);

    internal sealed record SaidDone(TimeSpan At, int Rank, long? Step) : JobSignal(At);

    internal sealed record SaidFailed(TimeSpan At, int Rank, string Error, bool IsFinal) : JobSignal(At);

    /// <summary>A rank's connection ended, or it fell silent and was cut off; it was last heard at <paramref name="Heard"/>.</summary>
    internal sealed record Lost(TimeSpan At, int Rank, bool IsSilent, TimeSpan Heard) : JobSignal(At);

    /// <summary>The launcher ended; <paramref name="LastWords"/> is what it wrote last.</summary>
    internal sealed record Exited(TimeSpan At, int Code, string LastWords) : JobSignal(At);

    /// <summary>Time goes on.</summary>
    internal sealed record Tick(TimeSpan At) : JobSignal(At);
}
