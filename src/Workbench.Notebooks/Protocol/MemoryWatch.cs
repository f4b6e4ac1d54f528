using System.Globalization;

namespace Workbench.Notebooks.Protocol;

/// <summary>
/// Watches the resident memory of a kernel and all that it started, several times a second: what a limit on address space
/// cannot do, since .NET reserves hundreds of gigabytes that it never touches. Linux only.
/// </summary>
internal sealed class MemoryWatch(int leader, long limitBytes)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Largest use seen so far, in bytes.</summary>
    public long PeakBytes { get; private set; }

    public static bool IsPossible => OperatingSystem.IsLinux();

    /// <summary>Returns true as soon as the limit is exceeded, false when cancelled.</summary>
    public async Task<bool> ExceededAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (!cancellationToken.IsCancellationRequested)
        {
            var members = Members();
            long used = members.Sum(member => member.ResidentBytes);
            if (used > limitBytes)
                used = members.Sum(member => ProportionalBytes(member.Id) ?? member.ResidentBytes);
            PeakBytes = Math.Max(PeakBytes, used);
            if (used > limitBytes)
                return true;
            try
            {
                await timer.WaitForNextTickAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
        return false;
    }

    private List<(int Id, long ResidentBytes)> Members()
    {
        var all = Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? Read(id) : null)
            .OfType<Row>().ToList();
        var members = all.Where(row => row.Id == leader || row.Session == leader).Select(row => row.Id).ToHashSet();
        while (all.Any(row => members.Contains(row.Parent) && members.Add(row.Id)))
        {
            // Children that began a session of their own, and their children.
        }
        return all.Where(row => members.Contains(row.Id)).Select(row => (row.Id, row.ResidentBytes)).ToList();
    }

    // proc(5), /proc/PID/stat: "pid (name) state ppid pgrp session ... rss"; the name may itself hold blanks and brackets.
    private static Row? Read(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, Number(fields[1]), Number(fields[3]), long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended
        }
    }

    // Pages that several processes share count once: exact, but too slow to read each time.
    private static long? ProportionalBytes(int id)
    {
        try
        {
            var line = File.ReadLines($"/proc/{id}/smaps_rollup").FirstOrDefault(text => text.StartsWith("Pss:", StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int Number(string field) => int.Parse(field, CultureInfo.InvariantCulture);

    private sealed record Row(int Id, int Parent, int Session, long ResidentBytes);
}
