using CsCheck;
using Workbench.LanguageModels;

namespace Workbench.Core.Tests.LanguageModels;

public sealed class StopFilterTests
{
    [Fact]
    public void Append_AnyPieces_GiveTheTextBeforeTheFirstStop() =>
        (from pieces in Gen.String[Gen.Char['a', 'c'], 0, 3].List[0, 12]
         from stops in Gen.String[Gen.Char['a', 'c'], 1, 4].List[0, 3]
         select (pieces, stops)).Sample(one =>
         {
             string text = string.Concat(one.pieces);
             int stop = one.stops.Select(sequence => text.IndexOf(sequence, StringComparison.Ordinal)).Where(place => place >= 0).DefaultIfEmpty(text.Length).Min();
             var filter = new StopFilter(one.stops);
             string given = "";
             foreach (string piece in one.pieces)
                 if (!filter.IsStopped)
                     given += filter.Append(piece);
             if (!filter.IsStopped)
                 given += filter.Finish();
             // A longer sequence can begin before a shorter one that is complete first.
             string shortest = text[..stop];
             return given == shortest || filter.IsStopped && given.StartsWith(shortest, StringComparison.Ordinal) && one.stops.Any(sequence => text[given.Length..].StartsWith(sequence, StringComparison.Ordinal));
         }, iter: 5000);

    [Fact]
    public void Append_StartOfAStop_IsHeldBackUntilItIsNone()
    {
        var filter = new StopFilter(["\nUser:"]);
        Assert.Equal(["Hi", "", "", "\nUse it"], [filter.Append("Hi\n"), filter.Append("Us"), filter.Append("e"), filter.Append(" it")]);
        Assert.Equal([".", ""], [filter.Append(".\nUser: x"), filter.Finish()]);
        Assert.True(filter.IsStopped);
    }
}
