namespace Workbench.Drift;

/// <summary>What a <see cref="DriftDirection"/> means.</summary>
internal static class DriftDirections
{
    public static bool IsByPValue(this DriftDirection direction) => direction is DriftDirection.PValueAtOrBelow or DriftDirection.PValueBelow;

    /// <summary>A test by p-value that has none, because the sides cannot be tested, sees no drift.</summary>
    public static bool IsDrift(this DriftDirection direction, double statistic, double? pValue, double threshold) => direction switch
    {
        DriftDirection.StatisticAtOrAbove => statistic >= threshold,
        DriftDirection.StatisticAbove => statistic > threshold,
        DriftDirection.PValueAtOrBelow => pValue <= threshold,
        DriftDirection.PValueBelow => pValue < threshold,
        _ => throw new ArgumentOutOfRangeException(nameof(direction), direction, $"Known: {string.Join(", ", Enum.GetNames<DriftDirection>())}."),
    };

    public static string Sign(this DriftDirection direction) => direction switch
    {
        DriftDirection.StatisticAtOrAbove => "≥",
        DriftDirection.StatisticAbove => ">",
        DriftDirection.PValueAtOrBelow => "≤",
        _ => "<",
    };

    /// <summary>What holds where there is no drift.</summary>
    public static string OppositeSign(this DriftDirection direction) => direction switch
    {
        DriftDirection.StatisticAtOrAbove => "<",
        DriftDirection.StatisticAbove => "≤",
        DriftDirection.PValueAtOrBelow => ">",
        _ => "≥",
    };
}
