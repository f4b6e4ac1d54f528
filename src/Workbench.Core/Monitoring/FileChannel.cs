using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Monitoring;

/// <summary>Appends each alert event to a file as one line of JSON.</summary>
/// <param name="path">The file; its folder is created.</param>
/// <param name="name">Name of the channel.</param>
public sealed class FileChannel(string path, string name = "file") : INotificationChannel
{
    private static readonly JsonSerializerOptions LineJson = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(alert, LineJson), (byte)'\n'];
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await file.WriteAsync(line, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
