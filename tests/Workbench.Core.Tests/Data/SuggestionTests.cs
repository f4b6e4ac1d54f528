using Workbench.Data;

namespace Workbench.Core.Tests.Data;

public class SuggestionTests
{
    [Theory]
    [InlineData("pirce", "price")]
    [InlineData("PRICE", "price")]
    [InlineData("usage_hour", "usage_hours")]
    [InlineData("banana", null)]
    public void Nearest_Typing_FindsTheNameOrNone(string given, string? expected) =>
        Assert.Equal(expected, Suggestion.Nearest(given, ["plan", "price", "usage_hours"]));
}
