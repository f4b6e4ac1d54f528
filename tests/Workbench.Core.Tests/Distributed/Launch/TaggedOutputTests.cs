using Workbench.Distributed.Launch;

namespace Workbench.Core.Tests.Distributed.Launch;

/// <summary>The inputs are what mpirun 4.1.4 wrote for two ranks: a tag for each piece of a long line, and none after an end without newline.</summary>
public class TaggedOutputTests
{
    [Fact]
    public void Take_PiecesOfTwoRanks_PutsLinesTogether()
    {
        var told = new List<(int?, string)>();
        var output = new TaggedOutput((rank, text) => told.Add((rank, text)));

        output.Take("[1,0]<stdout>:whole");
        output.Take("[1,0]<stdout>:begun [1,1]<stdout>:of rank 1");
        output.Take("[1,0]<stdout>:and [1,0]<stdout>:ended");
        output.Take("mpirun has something to say");
        output.Take("[1,1]<stdout>:");
        output.Take("[1,1]<stdout>:never ended[1,0]<stdout>:last");
        output.End();

        Assert.Equal(
            [(0, "whole"), (1, "of rank 1"), (0, "begun and ended"), (null, "mpirun has something to say"), (1, ""), (0, "last"), (1, "never ended")],
            told);
    }
}
