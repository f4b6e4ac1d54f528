using System.Net;
using Workbench.Host.Api;

namespace Workbench.Host.Pages;

/// <summary>
/// The page on which a browser shows the host's key. It stands where the page that was asked for would stand, so that signing in
/// leads there; it needs no circuit and works below any path.
/// </summary>
internal static class SignIn
{
    private static readonly TimeSpan WrongKeyDelay = TimeSpan.FromSeconds(1);

    /// <summary>Asks for the key at the address that was asked for.</summary>
    public static Task AskAsync(HttpContext context) =>
        SendAsync(context, PageOrigin.ToRoot(context.Request.Path.Value ?? "/"), $"{context.Request.Path.ToUriComponent().TrimStart('/')}{context.Request.QueryString.ToUriComponent()}", problem: "");

    public static void MapSignIn(this IEndpointRouteBuilder endpoints, string? key)
    {
        endpoints.MapGet(ApiKeyGate.SignInPath, context =>
        {
            context.Response.Redirect("./");
            return Task.CompletedTask;
        });
        endpoints.MapPost(ApiKeyGate.SignInPath, context => ReceiveAsync(context, key));
        endpoints.MapPost("/sign-out", context =>
        {
            SessionCookie.Take(context);
            Lead(context, "");
            return Task.CompletedTask;
        });
        // Behind the gate: whoever gets an answer is signed in. A link on another site brings no cookie along; the page asks here and loads again.
        endpoints.MapGet("/sign-in/state", () => Results.NoContent());
    }

    private static async Task ReceiveAsync(HttpContext context, string? key)
    {
        if (!PageOrigin.IsOwn(context.Request) || !context.Request.HasFormContentType)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var to = Local(form["to"].ToString());
        if (key is null || ApiKeyGate.Matches(key, form["key"]))
        {
            if (key is not null)
                SessionCookie.Give(context, key);
            Lead(context, to);
            return;
        }
        await Task.Delay(WrongKeyDelay, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        await SendAsync(context, "./", to, "That is not the key.");
    }

    /// <summary>An address below the host's root, or the root itself when the text may be another.</summary>
    public static string Local(string to) => to.All(letter => letter is > ' ' and < (char)127 and not '\\') && !to.StartsWith('/') && !to.Split('?')[0].Contains(':') ? to : "";

    // Relative, so that it leads below the path at which a proxy has the host.
    private static void Lead(HttpContext context, string to)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = $"./{to}";
    }

    private static Task SendAsync(HttpContext context, string root, string to, string problem) =>
        PageFile.SendAsync(context, "sign-in.html", root, ("problem", problem), ("to", WebUtility.HtmlEncode(to)));
}
