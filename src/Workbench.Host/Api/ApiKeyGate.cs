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
    public const string SignInPath = "/sign-in";
    private const string QueryKey = "key";
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

    /// <summary>
    /// Answers 401 to every request without the key, but for the health probes, what the sign-in page is made of, signed webhooks, and
    /// requests of workflows that let in anyone. A browser that has shown the key, on that page or once as <c>?key=</c>, carries a
    /// session cookie; <paramref name="askAsync"/> answers one that has not.
    /// </summary>
    public static void UseApiKey(this WebApplication app, string key, Func<HttpContext, Task> askAsync) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        bool isKnown = Matches(key, request.Headers[Header].FirstOrDefault() ?? Bearer(request)) || SessionCookie.IsValid(key, request.Cookies[SessionCookie.Name], TimeProvider.System.GetUtcNow());
        bool isShown = Matches(key, request.Query[QueryKey].FirstOrDefault());
        context.Items[Stranger] = !isKnown && !isShown;
        if (!isKnown && isShown)
            await ExchangeAsync(context, key, next);
        else if (isKnown || IsOpen(request))
            await next(context);
        else
            await RefuseAsync(context, askAsync);
    });

    /// <summary>Whether a text is the key; takes as long for a wrong one as for the right one.</summary>
    public static bool Matches(string key, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>Whether a browser asks for something to show.</summary>
    public static bool WantsPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    // The key goes from the address, which browsers and proxies remember, into a cookie.
    private static async Task ExchangeAsync(HttpContext context, string key, RequestDelegate next)
    {
        SessionCookie.Give(context, key);
        if (!WantsPage(context.Request))
        {
            await next(context);
            return;
        }
        var rest = QueryString.Create(context.Request.Query.Where(pair => pair.Key != QueryKey));
        context.Response.Redirect($"{context.Request.PathBase.ToUriComponent()}{context.Request.Path.ToUriComponent()}{rest}");
    }

    private static async Task RefuseAsync(HttpContext context, Func<HttpContext, Task> askAsync)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        if (WantsPage(context.Request))
            await askAsync(context);
        else
            await context.Response.WriteAsJsonAsync(new { error = $"An API key is needed: send it as the header {Header}." }, context.RequestAborted);
    }

    /// <summary>Whether a page of another site sent the request through the browser of someone who may.</summary>
    public static bool IsFromOtherSite(HttpContext context) => context.Request.Headers["Sec-Fetch-Site"] == "cross-site";

    /// <summary>Whether the request carries the host's key, or the host needs none.</summary>
    public static bool IsKnown(HttpContext context) => context.Items[Stranger] is not true;

    // Probes; the sign-in page; webhooks, which bring a signature; and HttpEndpoint activities, which say themselves whether they want the key.
    private static bool IsOpen(HttpRequest request) =>
        request.Path.StartsWithSegments("/health") || request.Path.StartsWithSegments("/v2/health") || request.Path.StartsWithSegments("/assets") || request.Path == SignInPath
        || request.Path.StartsWithSegments(TriggerText.HttpPath)
        || (HttpMethods.IsPost(request.Method) && request.Path.Value?.Split('/') is ["", "api", "triggers", _, "webhook"]);

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization.FirstOrDefault() is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value["Bearer ".Length..] : null;
}
