using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Host.Triggers;

/// <summary>
/// Signatures as Standard Webhooks 1.0 has them (standardwebhooks.com): HMAC-SHA256 over <c>id.timestamp.body</c>, in base64 behind
/// <c>v1,</c>; several signatures are separated by spaces, and one that is right is enough. Stateless.
/// </summary>
internal static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";
    private const string Version = "v1,";
    private const string SecretPrefix = "whsec_";
    private const int LongestId = 256;
    private const int ShortestKeyBytes = 24; // As the specification has it.

    /// <summary>Why the message is not to be trusted; null when it is.</summary>
    public static string? Check(IReadOnlyList<byte[]> keys, string? id, string? timestamp, string? signatures, ReadOnlyMemory<byte> body, DateTimeOffset now, TimeSpan tolerance)
    {
        if (id is not { Length: > 0 and <= LongestId } || string.IsNullOrEmpty(timestamp) || string.IsNullOrEmpty(signatures))
            return $"The headers {IdHeader}, {TimestampHeader} (seconds since 1970) and {SignatureHeader} are needed.";
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return $"{TimestampHeader} is not seconds since 1970.";
        if (!keys.Any(key => IsSigned(key, id, timestamp, signatures, body)))
            return "No signature fits. Is the secret the right one, and is the body signed as it was sent?";
        var age = now - DateTimeOffset.FromUnixTimeSeconds(seconds);
        return age.Duration() <= tolerance ? null : $"The message is {(age > TimeSpan.Zero ? "too old" : "from the future")}: its time may be {tolerance} from the host's. Is a clock wrong?";
    }

    /// <summary>The key that a secret stands for: <c>whsec_</c> and base64, or base64 alone. Null, and why, when it is none.</summary>
    public static (byte[]? Key, string? Problem) ParseSecret(string secret)
    {
        var text = secret.StartsWith(SecretPrefix, StringComparison.Ordinal) ? secret[SecretPrefix.Length..] : secret;
        var key = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, key, out var length))
            return (null, $"it is no base64 behind '{SecretPrefix}'");
        return length >= ShortestKeyBytes ? (key[..length], null) : (null, $"it has {length} bytes; {ShortestKeyBytes} are the least");
    }

    private static bool IsSigned(byte[] key, string id, string timestamp, string signatures, ReadOnlyMemory<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body.Span);
        var expected = Encoding.ASCII.GetBytes(Version + Convert.ToBase64String(hash.GetHashAndReset()));
        var isSigned = false;
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            isSigned |= CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected);
        return isSigned;
    }
}
