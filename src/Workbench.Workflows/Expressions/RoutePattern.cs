using System.Text.Json.Nodes;

namespace Workbench.Workflows.Expressions;

/// <summary>Paths of HTTP endpoints, such as <c>orders/{id}</c>; a segment in braces takes any one segment.</summary>
internal static class RoutePattern
{
    /// <summary>Without slashes at its ends and without a query.</summary>
    public static string Normalize(string path) => path.Split('?')[0].Trim().Trim('/');

    /// <summary>The values of the segments in braces, empty when there are none; null when the path does not match. Ignores case.</summary>
    public static JsonObject? Match(string pattern, string path)
    {
        var (expected, given) = (Normalize(pattern).Split('/'), Normalize(path).Split('/'));
        if (expected.Length != given.Length)
            return null;
        var values = new JsonObject();
        foreach (var (segment, value) in expected.Zip(given))
        {
            if (segment is ['{', .. var name, '}'] && value.Length > 0)
                values[name] = Uri.UnescapeDataString(value);
            else if (!string.Equals(segment, value, StringComparison.OrdinalIgnoreCase))
                return null;
        }
        return values;
    }
}
