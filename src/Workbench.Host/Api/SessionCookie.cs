using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workbench.Host.Api;

/// <summary>
/// What a browser that has shown the key carries instead of it: when the session ends, signed with the key. Nothing is kept on
/// the host, every node of a cluster knows it, and another key ends all sessions.
/// </summary>
internal static class SessionCookie
{
    public const string Name = "workbench-session";
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>The value of a session that begins at <paramref name="now"/>.</summary>
    public static string Create(string key, DateTimeOffset now)
    {
        var end = (now + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{end}.{Sign(key, end)}";
    }

    /// <summary>Whether the value was made with this key and its session goes on.</summary>
    public static bool IsValid(string key, string? value, DateTimeOffset now)
    {
        if (value?.Split('.') is not [var end, var signature])
            return false;
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(key, end)))
            && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds > now.ToUnixTimeSeconds();
    }

    /// <summary>Hands the cookie out: no script reads it, no other site sends it.</summary>
    public static void Give(HttpContext context, string key) => context.Response.Cookies.Append(Name, Create(key, TimeProvider.System.GetUtcNow()), Options(context));

    public static void Take(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, lasts: false));

    private static CookieOptions Options(HttpContext context, bool lasts = true) => new()
    {
        HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = context.Request.IsHttps, Path = context.Request.PathBase.HasValue ? context.Request.PathBase.Value : "/", IsEssential = true,
        MaxAge = lasts ? Lifetime : null,
    };

    private static string Sign(string key, string end) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(SHA256.HashData(Encoding.UTF8.GetBytes(key)), Encoding.UTF8.GetBytes($"workbench session until {end}")));
}
