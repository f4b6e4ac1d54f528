using System.Net;
using System.Security.Cryptography;
using System.Text;
using Workbench.Host.Triggers;

namespace Workbench.Host.Api;

/// <summary>
/// Who may call the host. On the loopback address nobody needs a key unless one is set; on any other address a key is required,
/// and the host refuses to start without one.
/// </summary>
internal static class ApiKeyGate
{
    public const string EnvironmentVariable = "WORKBENCH_API_KEY";
    public const string Header = "X-Api-Key";
    private const string Stranger = "workbench-stranger";

    /// <summary>The URL to listen on; refuses an address that others can reach while no key is configured.</summary>
    /// <exception cref="CommandException">No key for a reachable address, or the address is no address.</exception>
    public static string CheckAddress(string address, int port, string? key)
    {
        if (port is < 0 or > 65535)
            throw new CommandException($"Port {port} is not between 0 and 65535 (0 picks a free one).");
        var host = address == "localhost" ? "127.0.0.1" : address;
        if (!IPAddress.TryParse(host, out var ip))
            throw new CommandException($"'{address}' is no IP address. Use 127.0.0.1, ::1, or the address of an interface.");
        if (!IPAddress.IsLoopback(ip) && string.IsNullOrEmpty(key))
            throw new CommandException(
                $"Refusing to listen on {address} without an API key: everyone who reaches it could promote models. " +
                $"Set {EnvironmentVariable} to a secret of your choice, or listen on 127.0.0.1.");
        return ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"http://[{ip}]:{port}" : $"http://{ip}:{port}";
    }

    /// <summary>Answers 401 to every request without the key, but for the health probes, signed webhooks and requests of workflows that let in anyone. The page takes the key once as ?key= and keeps it in a cookie.</summary>
    public static void UseApiKey(this WebApplication app, string key)
    {
        byte[] expected = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        app.Use(async (context, next) =>
        {
            var given = context.Request.Headers[Header].FirstOrDefault() ?? Bearer(context.Request) ?? context.Request.Query["key"].FirstOrDefault()
                ?? context.Request.Cookies[Header];
            bool isKnown = given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), expected);
            context.Items[Stranger] = !isKnown;
            if (!isKnown && !IsOpen(context.Request))
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsJsonAsync(new { error = $"An API key is needed: send it as the header {Header}." }, context.RequestAborted);
                return;
            }
            if (isKnown && context.Request.Query.ContainsKey("key"))
                context.Response.Cookies.Append(Header, given!, new() { HttpOnly = true, SameSite = SameSiteMode.Strict });
            await next(context);
        });
    }

    /// <summary>Whether the request carries the host's key, or the host needs none.</summary>
    public static bool IsKnown(HttpContext context) => context.Items[Stranger] is not true;

    // Probes; webhooks, which bring a signature; and HttpEndpoint activities, which say themselves whether they want the key.
    private static bool IsOpen(HttpRequest request) =>
        request.Path.StartsWithSegments("/health") || request.Path.StartsWithSegments("/v2/health") || request.Path.StartsWithSegments(TriggerText.HttpPath)
        || (HttpMethods.IsPost(request.Method) && request.Path.Value?.Split('/') is ["", "api", "triggers", _, "webhook"]);

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.FirstOrDefault() is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..] : null;
}
