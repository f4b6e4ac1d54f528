using System.Text.Json;
using System.Text.Json.Serialization;
using Workbench.Data;

namespace Workbench.Notebooks.Protocol;

/// <summary>Content of a Jupyter connection file: where the kernel listens and the key that signs its messages.</summary>
internal sealed record ConnectionInfo
{
    [JsonPropertyName("ip"), JsonRequired] public string Ip { get; init; } = "127.0.0.1";
    [JsonPropertyName("transport")] public string Transport { get; init; } = "tcp";
    [JsonPropertyName("shell_port"), JsonRequired] public int ShellPort { get; init; }
    [JsonPropertyName("iopub_port"), JsonRequired] public int IOPubPort { get; init; }
    [JsonPropertyName("stdin_port"), JsonRequired] public int StdinPort { get; init; }
    [JsonPropertyName("control_port"), JsonRequired] public int ControlPort { get; init; }
    [JsonPropertyName("hb_port"), JsonRequired] public int HeartbeatPort { get; init; }
    [JsonPropertyName("key")] public string Key { get; init; } = "";
    [JsonPropertyName("signature_scheme")] public string SignatureScheme { get; init; } = "hmac-sha256";

    public static ConnectionInfo Load(string path)
    {
        try
        {
            var info = JsonSerializer.Deserialize<ConnectionInfo>(File.ReadAllText(path))
                ?? throw new JsonException("The file is empty.");
            if (info.Transport != "tcp")
                throw new JsonException($"Transport '{info.Transport}' is not supported; only tcp is.");
            if (info.SignatureScheme != "hmac-sha256")
                throw new JsonException($"Signature scheme '{info.SignatureScheme}' is not supported; only hmac-sha256 is.");
            return info;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                $"'{path}' is no Jupyter connection file: {failure.Message} A front end such as Jupyter writes one and starts the kernel with it.", failure)
            { Origin = path };
        }
    }

    /// <summary>Writes the file so that only this user can read the key.</summary>
    public void Save(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(path, options);
        JsonSerializer.Serialize(stream, this);
    }

    public int Port(JupyterChannel channel) => channel switch
    {
        JupyterChannel.Shell => ShellPort,
        JupyterChannel.Control => ControlPort,
        JupyterChannel.Stdin => StdinPort,
        _ => IOPubPort,
    };

    public string Address(int port) => $"{Transport}://{Ip}:{port}";
}
