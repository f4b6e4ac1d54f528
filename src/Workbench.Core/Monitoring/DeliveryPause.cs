namespace Workbench.Monitoring;

/// <summary>How long a channel that did not take something is left alone: 5 s, doubling up to 5 minutes.</summary>
internal static class DeliveryPause
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static TimeSpan After(int attempts)
    {
        var pause = First * Math.Pow(2, Math.Min(attempts - 1, 30));
        return pause < Longest ? pause : Longest;
    }
}
