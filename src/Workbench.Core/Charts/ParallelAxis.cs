namespace Workbench.Charts;

/// <summary>One axis of <see cref="Chart.ParallelCoordinates"/>.</summary>
/// <param name="Name">What it shows, with its unit.</param>
/// <param name="Positions">Where each line crosses it, from 0 (bottom) to 1.</param>
/// <param name="Ticks">Texts beside it, with their positions.</param>
public sealed record ParallelAxis(string Name, IReadOnlyList<double> Positions, IReadOnlyList<(double Position, string Text)> Ticks);
