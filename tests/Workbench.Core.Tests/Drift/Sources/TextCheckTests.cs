using System.Text;
using Workbench.Drift.Sources;

namespace Workbench.Core.Tests.Drift.Sources;

public sealed class TextCheckTests
{
    [Theory]
    [InlineData(65_534)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_071)]
    public void FirstInvalidLine_CharactersAcrossTheBuffersEnd_AreWhole(int before)
    {
        byte[] good = Encoding.UTF8.GetBytes(new string('a', before) + "€🙂\nüber\n");

        Assert.Null(TextCheck.FirstInvalidLine(new MemoryStream(good)));
        Assert.Equal(3, TextCheck.FirstInvalidLine(new MemoryStream([.. good, 0xFC])));
        Assert.Equal(3, TextCheck.FirstInvalidLine(new MemoryStream([.. good, (byte)'x', 0xE2, 0x82]))); // the end of € is missing
    }

    [Fact]
    public void FirstInvalidLine_Empty_IsValid() => Assert.Null(TextCheck.FirstInvalidLine(new MemoryStream()));
}
