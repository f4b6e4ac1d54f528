using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workbench.Distributed.Launch;

/// <summary>What ranks and supervisor say to one another: JSON objects, one a line, with their kind in <c>t</c>.</summary>
internal static class JobLink
{
    /// <summary>Either side says something every second.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>A side that has said nothing for so long is taken for dead. The promised 10 s hold this, and the killing.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    /// <summary>Longest line of a rank that has joined: a report of a few thousand numbers.</summary>
    public const int MaxLineBytes = 4 << 20;

    public const string Hello = "hello", Welcome = "welcome", Refused = "refused", Beat = "beat", Report = "report", Done = "done", Failed = "failed",
        Heard = "heard", Abort = "abort";

    public static byte[] Line(string kind, params ReadOnlySpan<(string Name, JsonNode? Value)> fields)
    {
        var line = new JsonObject { ["t"] = kind };
        foreach (var (name, value) in fields)
            line[name] = value;
        return Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");
    }

    /// <summary>The object in a line.</summary>
    /// <exception cref="JsonException">It holds no object with a kind.</exception>
    public static (string Kind, JsonObject Fields) Read(ReadOnlySpan<byte> line) =>
        JsonNode.Parse(line) is JsonObject fields && fields["t"] is JsonValue kind && kind.TryGetValue<string>(out var name)
            ? (name, fields)
            : throw new JsonException("A line of a job's link is no object with a kind.");

    public static string Name(RankState state) => state switch
    {
        RankState.Starting => "starting",
        RankState.Computing => "computing",
        RankState.InCollective => "collective",
        _ => "done",
    };

    public static RankState State(string? name) => name switch
    {
        "starting" => RankState.Starting,
        "collective" => RankState.InCollective,
        "done" => RankState.Done,
        _ => RankState.Computing,
    };
}
