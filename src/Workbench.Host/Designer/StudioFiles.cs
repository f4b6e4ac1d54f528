using System.IO.Compression;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace Workbench.Host.Designer;

/// <summary>
/// The files of Elsa's designer beside the executable, as the build took them from npm. Only those that were there at the
/// start are served, by their names; compressed ones are sent as they lie there to a browser that takes Brotli, which over
/// plain HTTP it does on the loopback address only, and unpacked to others.
/// </summary>
internal sealed partial class StudioFiles
{
    private const string Brotli = "br";
    private static readonly FileExtensionContentTypeProvider Types = new(new FileExtensionContentTypeProvider().Mappings) { Mappings = { [".dat"] = "application/octet-stream" } };
    private readonly Dictionary<string, StudioFile> _files;

    /// <summary>The designer in <paramref name="folder"/>; the host's own when none is given.</summary>
    public StudioFiles(string? folder = null)
    {
        folder ??= Path.Combine(AppContext.BaseDirectory, "studio");
        _files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => StudioFile.Of(folder, path)).ToDictionary(file => file.Name)
            : [];
    }

    /// <summary>The version that this program is built for.</summary>
    public static string Version { get; } =
        typeof(StudioFiles).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(metadata => metadata.Key == "ElsaStudioVersion")?.Value ?? "unknown";

    /// <summary>Whether the designer was there when this program was built.</summary>
    public bool ArePresent => _files.ContainsKey("_framework/blazor.webassembly.js");

    /// <summary>Sends a file by its name within the package.</summary>
    public async Task<bool> TrySendAsync(HttpContext context, string name)
    {
        if (!_files.TryGetValue(name, out var file))
            return false;
        var (request, response) = (context.Request, context.Response);
        var tag = new EntityTagHeaderValue($"\"{Version}\"");
        response.Headers.ETag = tag.ToString();
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = IsFingerprinted().IsMatch(name) || request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache";
        if (file.IsCompressed)
            response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }
        response.ContentType = Types.TryGetContentType(name, out var type) ? type : "application/octet-stream";
        await SendAsync(context, file);
        return true;
    }

    private static async Task SendAsync(HttpContext context, StudioFile file)
    {
        var response = context.Response;
        if (!file.IsCompressed)
        {
            await response.SendFileAsync(file.Path, context.RequestAborted);
            return;
        }
        if (context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == Brotli && encoding.Quality is not 0))
        {
            response.Headers.ContentEncoding = Brotli;
            await response.SendFileAsync(file.Path, context.RequestAborted);
            return;
        }
        await using var unpacked = new BrotliStream(File.OpenRead(file.Path), CompressionMode.Decompress);
        await unpacked.CopyToAsync(response.Body, context.RequestAborted);
    }

    // Files such as dotnet.native.rw4kynp763.wasm change their name with their content.
    [GeneratedRegex(@"\.[a-z0-9]{10}\.(wasm|js|dat|css|bundle\.scp\.css)$")]
    private static partial Regex IsFingerprinted();

    private sealed record StudioFile(string Name, string Path, bool IsCompressed)
    {
        public static StudioFile Of(string folder, string path)
        {
            var name = System.IO.Path.GetRelativePath(folder, path).Replace('\\', '/');
            return name.EndsWith(".br", StringComparison.Ordinal) ? new(name[..^3], path, true) : new(name, path, false);
        }
    }
}
