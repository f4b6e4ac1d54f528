namespace Workbench.Host.Pages;

/// <summary>Whether a request comes from a page of this host. A browser lets any site open a web socket, and says which one did.</summary>
internal static class PageOrigin
{
    public static bool IsOwn(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] == "cross-site")
            return false;
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
            return true; // No browser: it has the key or reaches a host without one.
        // A proxy may name itself in Host and the browser's address in X-Forwarded-Host, which no page can set on a web socket.
        return Uri.TryCreate(origin, UriKind.Absolute, out var from)
            && (IsSame(from, request.Host.Value) || IsSame(from, request.Headers["X-Forwarded-Host"].ToString()));
    }

    /// <summary>The way from the address of a request up to the host's root, such as ../ for /runs/1, below whatever path a proxy puts it.</summary>
    public static string ToRoot(string path)
    {
        int depth = path.Count(letter => letter == '/') - 1;
        return depth <= 0 ? "./" : string.Concat(Enumerable.Repeat("../", depth));
    }

    private static bool IsSame(Uri origin, string? host) =>
        !string.IsNullOrEmpty(host) && Uri.TryCreate($"{origin.Scheme}://{host}", UriKind.Absolute, out var own) && own.Authority == origin.Authority;
}
