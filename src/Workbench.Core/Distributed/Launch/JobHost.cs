namespace Workbench.Distributed.Launch;

/// <summary>A machine that ranks run on.</summary>
/// <param name="Name">Name or IPv4 address, as the launch agent (ssh) takes it.</param>
/// <param name="Slots">How many ranks it takes, at least 1.</param>
public sealed record JobHost(string Name, int Slots)
{
    /// <summary>As <c>name:slots</c>.</summary>
    public override string ToString() => $"{Name}:{Slots}";
}
