using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NetMQ;

namespace Workbench.Notebooks.Protocol;

/// <summary>
/// Writes and reads messages as frames: identities, delimiter, HMAC-SHA256 over header, parent header, metadata and
/// content (lower-case hexadecimal), then these four as JSON (Jupyter messaging 5.4, "The wire protocol").
/// </summary>
internal sealed class MessageCodec(string key, string userName, TimeProvider clock)
{
    public const string ProtocolVersion = "5.4";

    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly byte[] _key = Encoding.ASCII.GetBytes(key);
    private readonly HashSet<string> _seenSignatures = new(StringComparer.Ordinal);

    public string Session { get; } = Guid.NewGuid().ToString("N");

    public JupyterMessage Create(string type, JsonObject content, JupyterMessage? parent = null, IReadOnlyList<byte[]>? identities = null, JsonObject? metadata = null) => new()
    {
        Header = new JsonObject
        {
            ["msg_id"] = Guid.NewGuid().ToString("N"),
            ["session"] = Session,
            ["username"] = userName,
            ["date"] = clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        },
        ParentHeader = parent is null ? [] : (JsonObject)parent.Header.DeepClone(),
        Content = content,
        Metadata = metadata ?? [],
        Identities = identities ?? [],
    };

    public NetMQMessage Encode(JupyterMessage message)
    {
        JsonObject[] parts = [message.Header, message.ParentHeader, message.Metadata, message.Content];
        var frames = parts.Select(part => JsonSerializer.SerializeToUtf8Bytes(part, Json)).ToArray();
        var wire = new NetMQMessage();
        foreach (var identity in message.Identities)
            wire.Append(identity);
        wire.Append(Delimiter);
        wire.Append(_key.Length == 0 ? "" : Sign(frames));
        foreach (var frame in frames)
            wire.Append(frame);
        return wire;
    }

    /// <summary>The message, or null with the reason when it is malformed, forged or a replay. Not thread-safe.</summary>
    public JupyterMessage? Decode(NetMQMessage wire, out string? refusal)
    {
        var frames = wire.Select(frame => frame.ToByteArray()).ToList();
        int delimiter = frames.FindIndex(frame => frame.AsSpan().SequenceEqual(Delimiter));
        if (delimiter < 0 || frames.Count < delimiter + 6)
            return Refuse($"a message of {frames.Count} frames lacks its delimiter or parts", out refusal);
        var parts = frames.GetRange(delimiter + 2, 4).ToArray();
        if (!HasValidSignature(frames[delimiter + 1], parts))
            return Refuse("a message with a wrong or repeated signature was dropped", out refusal);
        try
        {
            refusal = null;
            return new()
            {
                Identities = frames.GetRange(0, delimiter),
                Header = Parse(parts[0]),
                ParentHeader = Parse(parts[1]),
                Metadata = Parse(parts[2]),
                Content = Parse(parts[3]),
            };
        }
        catch (JsonException failure)
        {
            return Refuse($"a message holds no JSON: {failure.Message}", out refusal);
        }
    }

    private static JsonObject Parse(byte[] frame) => JsonNode.Parse(frame) as JsonObject ?? [];

    private static JupyterMessage? Refuse(string why, out string? refusal)
    {
        refusal = why;
        return null;
    }

    private bool HasValidSignature(byte[] signature, byte[][] parts) =>
        _key.Length == 0
        || (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sign(parts)), signature)
            && _seenSignatures.Add(Encoding.ASCII.GetString(signature)));

    private string Sign(byte[][] parts)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
            hmac.AppendData(part);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
