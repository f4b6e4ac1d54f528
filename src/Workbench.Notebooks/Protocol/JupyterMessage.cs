using System.Text.Json.Nodes;

namespace Workbench.Notebooks.Protocol;

/// <summary>One message of the Jupyter protocol.</summary>
internal sealed class JupyterMessage
{
    /// <summary>Routing frames before the delimiter: where a reply goes, or the topic of a broadcast.</summary>
    public IReadOnlyList<byte[]> Identities { get; init; } = [];
    public required JsonObject Header { get; init; }
    public JsonObject ParentHeader { get; init; } = [];
    public JsonObject Metadata { get; init; } = [];
    public JsonObject Content { get; init; } = [];

    public string Type => Header["msg_type"]?.ToString() ?? "";
    public string Id => Header["msg_id"]?.ToString() ?? "";
    public string ParentId => ParentHeader["msg_id"]?.ToString() ?? "";

    public string? Text(string name) => Content[name]?.ToString();

    public bool Flag(string name, bool otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue(out bool flag) ? flag : otherwise;

    public int Number(string name, int otherwise) =>
        Content[name] is JsonValue value && value.TryGetValue(out int number) ? number : otherwise;
}
