using Microsoft.AspNetCore.Http;
using Workbench.Host.Pages;

namespace Workbench.Host.Tests.Pages;

public sealed class PageOriginTests
{
    [Theory]
    [InlineData("/", "./")]
    [InlineData("/runs", "./")]
    [InlineData("/runs/1", "../")]
    [InlineData("/pipelines/a%2Fb/diff", "../../")]
    public void ToRoot_Address_LeadsUpToTheRoot(string path, string expected)
    {
        Assert.Equal(expected, PageOrigin.ToRoot(path));
        // As a browser resolves it, below any path.
        Assert.Equal("http://host/team/ml/runs", new Uri(new Uri(new Uri("http://host/team/ml" + path), expected), "runs").ToString());
    }

    [Theory]
    [InlineData(null, null, null, true)]
    [InlineData("http://host:8080", null, null, true)]
    [InlineData("http://host:9090", null, null, false)]
    [InlineData("https://evil.example", null, null, false)]
    [InlineData("null", null, null, false)]
    [InlineData("https://ml.example", "ml.example", null, true)]
    [InlineData("http://host:8080", null, "cross-site", false)]
    public void IsOwn_Origin_IsComparedWithTheHost(string? origin, string? forwarded, string? site, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("http", new HostString("host", 8080));
        request.Headers.Origin = origin;
        request.Headers["X-Forwarded-Host"] = forwarded;
        request.Headers["Sec-Fetch-Site"] = site;
        Assert.Equal(expected, PageOrigin.IsOwn(request));
    }

    [Theory]
    [InlineData("runs/1?step=a", "runs/1?step=a")]
    [InlineData("", "")]
    [InlineData("//evil.example", "")]
    [InlineData("/evil", "")]
    [InlineData("https://evil.example", "")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData("\\\\evil.example", "")]
    [InlineData("a\r\nSet-Cookie: b", "")]
    public void Local_AddressToReturnTo_StaysBelowTheRoot(string to, string expected) => Assert.Equal(expected, SignIn.Local(to));
}
