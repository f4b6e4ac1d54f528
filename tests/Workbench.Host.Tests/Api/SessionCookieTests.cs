using Workbench.Host.Api;

namespace Workbench.Host.Tests.Api;

public sealed class SessionCookieTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void IsValid_OwnCookie_UntilItsEnd()
    {
        var value = SessionCookie.Create("secret", Now);
        Assert.True(SessionCookie.IsValid("secret", value, Now));
        Assert.True(SessionCookie.IsValid("secret", value, Now + SessionCookie.Lifetime - TimeSpan.FromSeconds(1)));
        Assert.False(SessionCookie.IsValid("secret", value, Now + SessionCookie.Lifetime));
    }

    [Fact]
    public void IsValid_OtherKeyOrTampered_IsNot()
    {
        var value = SessionCookie.Create("secret", Now);
        Assert.False(SessionCookie.IsValid("another", value, Now));
        var (end, signature) = (value.Split('.')[0], value.Split('.')[1]);
        Assert.False(SessionCookie.IsValid("secret", $"{long.Parse(end) + 1}.{signature}", Now));
        foreach (var wrong in new[] { null, "", ".", end, $"{end}.", $"{end}.{signature}.x", "secret" })
            Assert.False(SessionCookie.IsValid("secret", wrong, Now));
    }
}
