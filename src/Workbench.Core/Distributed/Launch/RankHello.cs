using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>What a rank says of itself when it joins; local is one whose process the supervisor can see and kill.</summary>
internal sealed record RankHello(int Rank, int Size, string Host, bool IsLocal, LinuxProcess Process, IReadOnlyList<string> Addresses)
{
    public static RankHello Read(JsonObject fields) => new(
        Value<int>(fields, "rank"), Value<int>(fields, "size"), Value<string>(fields, "host"), Value<string>(fields, "machine") == LinuxProcess.Machine,
        new(Value<int>(fields, "pid"), Value<long>(fields, "started")),
        [.. fields["addresses"]?.AsArray().Select(address => address!.GetValue<string>()) ?? []]);

    /// <summary>Whether a name or address of a list of hosts means the machine of this rank.</summary>
    public bool IsOn(string host) =>
        Short(host).Equals(Short(Host), StringComparison.OrdinalIgnoreCase) || Addresses.Contains(host) || IsLocal && host == "localhost";

    public override string ToString() => $"rank {Rank} (process {Process.Id} on {Host})";

    // Of an address all is kept.
    private static string Short(string host) => char.IsAsciiDigit(host[0]) ? host : host.Split('.')[0];

    private static T Value<T>(JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue<T>(out var read) ? read : throw new FormatException($"A hello without '{name}'.");
}
