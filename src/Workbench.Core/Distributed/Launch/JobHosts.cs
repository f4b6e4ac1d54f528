using System.Globalization;
using System.Text.RegularExpressions;

namespace Workbench.Distributed.Launch;

/// <summary>The text form of a list of hosts.</summary>
public static partial class JobHosts
{
    /// <summary>Reads <c>a:2,b:2</c>: hosts with the number of ranks each takes; without a number it takes one.</summary>
    /// <param name="text">Names or IPv4 addresses; empty for this host alone.</param>
    /// <returns>The hosts in that order; none when the text is empty.</returns>
    /// <exception cref="ArgumentException">Lists all that is wrong with the text.</exception>
    public static IReadOnlyList<JobHost> Parse(string text)
    {
        var hosts = new List<JobHost>();
        var errors = new List<string>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (HostAndSlots().Match(part) is not { Success: true } match || !TrySlots(match.Groups["slots"], out var slots))
                errors.Add($"'{part}' is no host; written as name:ranks, such as node1:2, with 1 to 4096 ranks.");
            else if (hosts.Any(host => host.Name == match.Groups["name"].Value))
                errors.Add($"Host '{match.Groups["name"].Value}' is named twice; add its ranks up.");
            else
                hosts.Add(new(match.Groups["name"].Value, slots));
        }
        return errors.Count == 0 ? hosts : throw new ArgumentException(string.Join(" ", errors), nameof(text));
    }

    private static bool TrySlots(Group group, out int slots)
    {
        slots = 1;
        return !group.Success || int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out slots) && slots is >= 1 and <= 4096;
    }

    // A name that begins with a dash would be an option of ssh.
    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9_.-]*)(:(?<slots>[0-9]{1,4}))?$")]
    private static partial Regex HostAndSlots();
}
