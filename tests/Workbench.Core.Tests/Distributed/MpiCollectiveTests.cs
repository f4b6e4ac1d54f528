using System.Text.Json.Nodes;

namespace Workbench.Core.Tests.Distributed;

/// <summary>Expected values by hand: rank r (from 0) has (r + 1) * [1, -2, 3, ..., 49, -50, 1, ...], exact in every type.</summary>
public class MpiCollectiveTests
{
    private static readonly string[] Reducible = ["Float32", "Float64", "BFloat16", "Float16", "Int64"];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Operations_OnRanks_GiveTheValuesByHand(int size)
    {
        var ranks = Ranks.Run(size, "collectives");

        for (int rank = 0; rank < size; rank++)
        {
            Assert.Equal([rank, size], [(int)ranks[rank][0]["Rank"]!, (int)ranks[rank][0]["Size"]!]);
            Assert.StartsWith("Open MPI ", (string?)ranks[rank][0]["Engine"], StringComparison.Ordinal);
            var lines = ranks[rank].Skip(1).ToDictionary(line => (string)line["Name"]!);
            foreach (string manner in new[] { "", " in pieces" })
            {
                CheckReductions(lines, size, manner);
                CheckMoves(lines, rank, size, manner);
            }
            CheckSpecialValues(lines, size);
            CheckRefusals(lines, size);
            CheckThreads(lines, size);
        }
    }

    // The order of additions matters for these, and each rank has its own numbers.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void AllReduce_RandomNumbers_SameBitsOnEveryRank(int size)
    {
        var ranks = Ranks.Run(size, "bits");

        Assert.Equal(25, ranks[0].Count);
        Assert.Equal(25, ranks[0].Select(line => (string)line["Hash"]!).Distinct().Count());
        foreach (var rank in ranks.Skip(1))
            Assert.Equal(ranks[0].Select(line => line.ToJsonString()), rank.Select(line => line.ToJsonString()));
    }

    [Fact]
    public void Exception_NotCaught_EndsAllRanks()
    {
        var job = Ranks.RunToEnd(2, "throw");

        Assert.Equal(134, job.ExitCode);
        Assert.Contains("This rank fails on purpose.", job.Errors, StringComparison.Ordinal);
        AssertGone(job);
    }

    [Fact]
    public void Abort_WhileCommunicationWaits_EndsAllRanksWithItsCode()
    {
        var job = Ranks.RunToEnd(2, "abort", "77");

        Assert.Equal(77, job.ExitCode);
        AssertGone(job);
    }

    // MPI_ERR_ROOT in Open MPI's words (ompi/errhandler/errcode.c).
    [Fact]
    public void Operation_ThatMpiRefuses_SaysSoAndEndsThere()
    {
        var job = Ranks.RunToEnd(2, "fail");

        foreach (var rank in job.Lines)
        {
            Assert.Matches("^DistributedException: Open MPI .* failed with error 8: MPI_ERR_ROOT: invalid root", (string?)rank[0]["First"]);
            Assert.Matches("^DistributedException: An earlier operation of this rank failed, and nothing is done after it: .*MPI_ERR_ROOT", (string?)rank[0]["Second"]);
        }
    }

    private static void CheckReductions(Dictionary<string, JsonNode> lines, int size, string manner)
    {
        var one = Numbers(1_103);
        int sum = size * (size + 1) / 2;
        foreach (string type in Reducible)
        {
            Assert.Equal(one.Select(value => value * sum), Values(lines[$"Sum of {type}{manner}"]));
            Assert.Equal(one.Select(value => value > 0 ? value * size : value), Values(lines[$"Max of {type}{manner}"]));
            Assert.Equal(one.Select(value => value > 0 ? value : value * size), Values(lines[$"Min of {type}{manner}"]));
        }
    }

    private static void CheckMoves(Dictionary<string, JsonNode> lines, int rank, int size, string manner)
    {
        var one = Enumerable.Range(1, 11).Select(value => (double)value).ToList();
        foreach (string type in new[] { "Byte", "Int32", "ComplexFloat32", "BFloat16" })
        {
            Assert.Equal(Enumerable.Range(1, size).SelectMany(factor => one.Select(value => value * factor)), Values(lines[$"gathered {type}{manner}"]));
            Assert.Equal(one.Select(value => value * size), Values(lines[$"broadcast {type}{manner}"]));
        }
        Assert.Equal(Enumerable.Range(0, size * 11).Select(i => i < 11 ? 0.0 : 1.0), Values(lines[$"gathered Bool{manner}"]));
        Assert.Equal(Enumerable.Repeat(1.0, 11), Values(lines[$"broadcast Bool{manner}"]));
        int sum = size * (size + 1) / 2;
        foreach (string type in Reducible)
            Assert.Equal(Numbers(9 * size).Skip(9 * rank).Take(9).Select(value => value * sum), Values(lines[$"scattered {type}{manner}"]));
    }

    // Between 256 and 512 bfloat16 has every second whole number, float16 so between 2,048 and 4,096; 65,504 is float16's
    // greatest. A tie goes to the even one. NaN wins over numbers, +0 is greater than -0 (IEEE 754-2019, maximum and minimum).
    private static void CheckSpecialValues(Dictionary<string, JsonNode> lines, int size)
    {
        foreach (string type in Reducible.Take(4))
        {
            Assert.Equal(["NaN", "NaN", "0", "0", "-5"], Texts(lines[$"special Max of {type}"]));
            Assert.Equal(["NaN", "NaN", "-0", "-0", "-Infinity"], Texts(lines[$"special Min of {type}"]));
        }
        if (size != 2)
            return;
        Assert.Equal(["257", "259", "2049", "2051", "131008", "NaN", "NaN"], Texts(lines["special Sum of Float32"]));
        Assert.Equal(["257", "259", "2049", "2051", "131008", "NaN", "NaN"], Texts(lines["special Sum of Float64"]));
        Assert.Equal(["257", "259", "2048", "2052", "Infinity", "NaN", "NaN"], Texts(lines["special Sum of Float16"]));
        // 2,050 and 65,504 are rounded before they are summed: to 2,048 and 65,536; 2,049 then is nearest to 2,048.
        Assert.Equal(["256", "260", "2048", "2048", "131072", "NaN", "NaN"], Texts(lines["special Sum of BFloat16"]));
    }

    private static void CheckRefusals(Dictionary<string, JsonNode> lines, int size)
    {
        Assert.StartsWith("ArgumentException: The tensor of shape [6, 4] with strides [1, 6] is not contiguous. Pass contiguous()", Refusal("not contiguous"), StringComparison.Ordinal);
        Assert.StartsWith("ArgumentException: Tensors of Int32 cannot be reduced over ranks. Known: Float32, Float64, BFloat16, Float16, Int64.", Refusal("type"), StringComparison.Ordinal);
        Assert.StartsWith($"ArgumentException: Of {size} ranks with 24 elements of Float32 each, the whole has {24 * size} elements of Float32; the given tensor has 24", Refusal("size"), StringComparison.Ordinal);
        Assert.StartsWith("ArgumentOutOfRangeException: ", Refusal("root"), StringComparison.Ordinal);
        Assert.StartsWith("ArgumentOutOfRangeException: ", Refusal("code"), StringComparison.Ordinal);
        Assert.StartsWith("InvalidOperationException: MPI starts once in a process", Refusal("again"), StringComparison.Ordinal);
        Assert.StartsWith("NullReferenceException", (string?)lines["faults"]["Null"], StringComparison.Ordinal);
        Assert.StartsWith("DivideByZeroException", (string?)lines["faults"]["Division"], StringComparison.Ordinal);

        string? Refusal(string name) => (string?)lines[name]["Refusal"];
    }

    private static void CheckThreads(Dictionary<string, JsonNode> lines, int size)
    {
        var turns = lines["two threads"];
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (double)i * size), turns["Sums"]!.AsArray().Select(value => (double)value!));
        Assert.Equal([true, true], [(bool)turns["AllDone"]!, (bool)turns["InOrder"]!]);
        Assert.True((bool)lines["abandoned"]["IsDone"]!);
    }

    private static void AssertGone(RanksJob job)
    {
        var pids = job.Lines.Select(rank => (int)Assert.Single(rank)["Pid"]!).ToList();
        // mpirun returns while ranks that it killed may still be ending.
        Assert.True(SpinWait.SpinUntil(() => pids.All(pid => !Directory.Exists($"/proc/{pid}")), TimeSpan.FromSeconds(10)));
    }

    private static List<double> Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (i % 50 + 1.0) * (i % 2 == 0 ? 1 : -1))];

    private static IEnumerable<double> Values(JsonNode line) => line["Values"]!.AsArray().Select(value => (double)value!);

    private static IEnumerable<string> Texts(JsonNode line) => line["Values"]!.AsArray().Select(value => (string)value!);
}
