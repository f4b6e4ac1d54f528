
namespace Workbench.Host.Activities;

/// <summary>What a candidate must show before it may replace the champion.</summary>
internal sealed record GateOptions
{
    /// <summary>Fewest labelled rows on which a difference counts. Default 200.</summary>
    public int MinimumRows { get; init; } = 200;
    /// <summary>Accuracy (share, 0 to 1) that the lower end of the 95 % interval must exceed. Default 0: better beyond chance.</summary>
    public double MinimumImprovement { get; init; }

    public GateOptions Validated()
    {
        var errors = new List<string>();
        if (MinimumRows < 1)
            errors.Add($"minimumRows is {MinimumRows}; at least 1 is needed.");
        if (MinimumImprovement is < -1 or > 1 or double.NaN)
            errors.Add($"minimumImprovement is {MinimumImprovement}; it is a share between -1 and 1.");
        return errors.Count == 0 ? this : throw new CommandException("The gate cannot work: " + string.Join(" ", errors));
    }
}
