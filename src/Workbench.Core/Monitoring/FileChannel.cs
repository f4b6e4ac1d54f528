using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workbench.Monitoring;

/// <summary>Appends each alert event and each message to a file as one line of JSON.</summary>
/// <param name="path">The file; its folder is created.</param>
/// <param name="name">Name of the channel.</param>
public sealed class FileChannel(string path, string name = "file") : IMessageChannel
{
    private static readonly JsonSerializerOptions LineJson = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public Task SendAsync(AlertEvent alert, CancellationToken cancellationToken = default) => AppendAsync(alert, cancellationToken);

    /// <inheritdoc/>
    public Task SendAsync(NotificationMessage message, CancellationToken cancellationToken = default) => AppendAsync(message, cancellationToken);

    private async Task AppendAsync<T>(T item, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(item, LineJson), (byte)'\n'];
        await using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        await file.WriteAsync(line, cancellationToken);
        file.Flush(flushToDisk: true);
    }
}
