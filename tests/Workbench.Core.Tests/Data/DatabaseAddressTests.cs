using Workbench.Data;

namespace Workbench.Core.Tests.Data;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("Host=db;Database=wb;Username=anna;Password=geheim", "PostgreSQL database 'wb' at db:5432")]
    [InlineData("server=10.0.0.1;port=6000;database=wb", "PostgreSQL database 'wb' at 10.0.0.1:6000")]
    [InlineData("/tmp/a b/workbench.db", "/tmp/a b/workbench.db")]
    [InlineData("Data Source=/tmp/workbench.db", "/tmp/workbench.db")]
    public void Parse_Address_ShowsItWithoutPassword(string text, string expected)
    {
        var address = DatabaseAddress.Parse(text);
        Assert.Equal(expected, address.Display);
        Assert.Equal(expected, $"{address}");
        Assert.DoesNotContain("geheim", new DataFolder("x") { SharedDatabase = address }.ToString());
        Assert.Equal(text.Contains("geheim"), address.HasPassword);
    }

    [Theory]
    [InlineData(" ", "is empty")]
    [InlineData("postgres://anna:geheim@db/wb", "URI that begins with 'postgres://'")]
    [InlineData("Host=db;Colour=red", "colour")]
    [InlineData("Database=wb;Password=geheim", "none that says where")]
    public void Parse_NoAddress_SaysWhatIsAllowedAndHidesThePassword(string text, string expected)
    {
        var failure = Assert.Throws<DataException>(() => DatabaseAddress.Parse(text));
        Assert.Contains(expected, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Host=db;Database=workbench", failure.Message);
        Assert.DoesNotContain("geheim", failure.Message);
    }
}
