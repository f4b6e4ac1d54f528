using CsCheck;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Expected orders are worked out by hand from Elsa's flowchart semantics (WaitAllActive joins, dead-path elimination); the
/// property compares with reachability over the followed edges, a second algorithm.
/// </summary>
public sealed class FlowchartMachineTests
{
    [Fact]
    public void Next_Sequence_RunsOneAfterTheOther()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "c").Edges("a -> b -> c"));
        walk.Done("a").Ready("b").Done("b").Ready("c").Done("c").IsOver();
    }

    [Fact]
    public void Next_Diamond_JoinRunsOnceAfterBothBranches()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "c", "d").Edges("a -> b -> d, a -> c -> d"));
        walk.Done("a").Ready("b", "c").Done("c").Ready().Done("b").Ready("d").Done("d").IsOver();
    }

    [Fact]
    public void Next_DeadPathOfDepthThree_DoesNotHoldTheJoinBack()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "x", "y", "z", "b", "join").Decision("if", "v")
            .Edges("a -> if, if:True -> x -> y -> z -> join, if:False -> b -> join"));
        walk.Done("a").Ready("if").Done("if", "False").Ready("b").Done("b").Ready("join").Done("join").IsOver();
    }

    [Fact]
    public void Next_UndecidedBranch_HoldsTheJoinBackUntilItDies()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "live", "x", "join").Decision("if", "v")
            .Edges("a -> live -> join, a -> if, if:True -> x -> join"));
        walk.Done("a").Ready("if", "live").Done("live").Ready().Done("if", "False").Ready("join");
    }

    [Fact]
    public void Next_UnwiredOutcome_EndsItsBranchAndFreesTheJoin()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "join").Decision("if", "v").Edges("a -> b -> join, a -> if, if:True -> join"));
        walk.Done("a").Ready("b", "if").Done("if", "False").Ready().Done("b").Ready("join").Done("join").IsOver();
    }

    [Fact]
    public void Next_LoopWithDiamondInside_RunsEachRoundOnce()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "c", "d", "out").Decision("again", "v")
            .Edges("a -> b -> d, a -> c -> d, d -> again, again:True -> a, again:False -> out"));
        for (var round = 0; round < 3; round++)
            walk.Done("a").Ready("b", "c").Done("b").Ready().Done("c").Ready("d").Done("d").Ready("again")
                .Done("again", round < 2 ? "True" : "False").Ready(round < 2 ? "a" : "out");
        walk.Done("out").IsOver();
    }

    [Fact]
    public void Next_JoinAfterLoopBesideLiveBranch_WaitsUntilTheLoopEnds()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("start", "slow", "work", "fix", "join").Decision("again", "v")
            .Edges("start -> slow -> join, start -> work -> again, again:True -> fix -> work, again:False -> join"));
        walk.Done("start").Ready("slow", "work").Done("work").Ready("again").Done("slow").Ready()
            .Done("again", "True").Ready("fix").Done("fix").Ready("work").Done("work").Ready("again")
            .Done("again", "False").Ready("join").Done("join").IsOver();
    }

    [Fact]
    public void Next_TwoEdgesToTheSameTarget_RunsItOnce()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("b").Decision("if", "v").Edges("if:True -> b, if:True -> b, if:False -> b"));
        walk.Done("if", "True").Ready("b").Done("b").IsOver();
    }

    [Fact]
    public void Next_PortOfOtherCase_IsAnotherOutcome()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("b").Decision("if", "v").Edges("if:true -> b"));
        walk.Done("if", "True").IsOver();
    }

    [Fact]
    public void Next_WaitAllWithDeadEdge_IsSkippedWithAllThatFollows()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "x", "after").Decision("if", "v").Join("join", "WaitAll")
            .Edges("a -> b -> join, a -> if, if:True -> x -> join, join -> after"));
        walk.Done("a").Ready("b", "if").Done("if", "False").Ready().Done("b");
        Assert.True(walk.Machine.Next() is { IsSkipped: true, Activity.Id: "join" });
        walk.IsOver();
    }

    [Fact]
    public void Next_WaitAny_RunsOnceAndCancelsTheLosers()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "fast", "slow", "slower", "elsewhere", "after").Join("join", null)
            .Edges("a -> fast -> join, a -> slow -> slower -> join, a -> elsewhere, join -> after"));
        walk.Done("a").Ready("elsewhere", "slow", "fast").Done("fast");
        var turn = Assert.IsType<Turn>(walk.Machine.Next());
        Assert.Equal("join", turn.Activity.Id);
        Assert.Equal(["slow"], turn.Losers);
        walk.Done("join").Ready("after").Done("after").Done("elsewhere").IsOver();
    }

    [Fact]
    public void Next_WaitAnyBesideALoopOfALoser_RunsOnce()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("s", "fast", "work", "fix").Decision("again", "v").Join("join", "WaitAny")
            .Edges("s -> fast -> join, s -> work -> again, again:True -> fix -> work, again:False -> join"));
        walk.Done("s").Ready("fast", "work").Done("work").Ready("again").Done("again", "True").Ready("fix").Done("fast");
        Assert.Equal(["fix"], Assert.IsType<Turn>(walk.Machine.Next()).Losers);
        walk.Done("join").IsOver();
    }

    [Fact]
    public void Next_WaitAnyBesideALoopOfAllBranches_LetsItGoOn()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("s", "a", "b", "c", "other").Decision("again", "v").Join("join", "WaitAny")
            .Edges("s -> a, a -> b -> join, a -> c -> join, a -> other -> again, again:True -> a"));
        walk.Done("s").Ready("a").Done("a").Ready("b", "c", "other").Done("b");
        Assert.Equal(["c"], Assert.IsType<Turn>(walk.Machine.Next()).Losers);
        walk.Done("join").Done("other").Ready("again").Done("again", "True").Ready("a").Done("a").Ready("b", "c", "other");
    }

    [Fact]
    public void Next_WaitAnyWhenANewRoundHasBegun_DoesNotCancelTheRound()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("s", "a", "b", "c", "other").Decision("again", "v").Join("join", "WaitAny")
            .Edges("s -> a, a -> b -> join, a -> c -> join, a -> other -> again, again:True -> a"));
        walk.Done("s").Ready("a").Done("a").Ready("b", "c", "other").Done("other").Ready("again").Done("again", "True").Ready("a").Done("b");
        Assert.Equal(["c"], Assert.IsType<Turn>(walk.Machine.Next()).Losers);
        walk.Done("join").Ready().Done("a").Ready("b", "c", "other");
    }

    [Fact]
    public void Next_NestedJoins_OuterWaitsForInner()
    {
        var walk = Walk.Of(new FlowBuilder().Steps("a", "b", "c", "d", "inner", "outer")
            .Edges("a -> b -> inner, a -> c -> inner, inner -> outer, a -> d -> outer"));
        walk.Done("a").Ready("b", "c", "d").Done("d").Ready().Done("b").Ready().Done("c").Ready("inner").Done("inner").Ready("outer");
    }

    [Fact]
    public void Next_RandomGraphs_RunExactlyWhatFollowedEdgesReachAndInTheirOrder() =>
        Gen.Select(Gen.Int[2, 9], Gen.Int[0, int.MaxValue]).Sample(
            (size, seed) => CheckRandom(size, new Random(seed)), iter: 400);

    [Fact]
    public void Next_RandomAcyclicGraphsWithAnyJoins_RunEachActivityAtMostOnceAndEnd() =>
        Gen.Select(Gen.Int[2, 10], Gen.Int[0, int.MaxValue]).Sample((size, seed) =>
        {
            var walk = RandomWalk(size, new Random(seed), hasCycles: false);
            Assert.Equal(walk.Distinct(), walk);
        }, iter: 400);

    [Fact]
    public void Next_RandomCyclicGraphs_NeverRunAnActivityBesideItselfAndEndWithNothingLeft() =>
        Gen.Select(Gen.Int[2, 9], Gen.Int[0, int.MaxValue]).Sample((size, seed) => RandomWalk(size, new Random(seed), hasCycles: true), iter: 400);

    /// <summary>Runs a random graph of random joins, ending activities in random order with random outcomes, which after 200 ends lead nowhere.</summary>
    private static List<string> RandomWalk(int size, Random random, bool hasCycles)
    {
        string?[] modes = ["WaitAll", "WaitAllActive", "WaitAny", null];
        var flow = new FlowBuilder();
        for (var node = 0; node < size; node++)
            flow.Join($"n{node}", modes[random.Next(modes.Length)]);
        for (var from = 0; from < size; from++)
            for (var to = hasCycles ? 0 : from + 1; to < size; to++)
                if (random.Next(3) == 0)
                    flow.Edges($"n{from}:{random.Next(2)} -> n{to}");

        var walk = Walk.Of(flow, "n0");
        var ended = new List<string>();
        while (walk.Machine.Active.Count > 0)
        {
            var node = walk.Machine.Active.Order().ElementAt(random.Next(walk.Machine.Active.Count));
            ended.Add(node);
            walk.Machine.End(node, ended.Count > 200 ? [] : [random.Next(2).ToString()]);
            while (walk.Machine.Next() is { } turn)
                Assert.Equal(!turn.IsSkipped, walk.Machine.Active.Contains(turn.Activity.Id));
        }
        walk.IsOver();
        return ended;
    }

    private static void CheckRandom(int size, Random random)
    {
        var flow = new FlowBuilder();
        var followed = new List<(int From, int To)>();
        var outcomes = Enumerable.Range(0, size).Select(_ => random.Next(2) == 0 ? "True" : "False").ToArray();
        for (var from = 0; from < size; from++)
            flow.Decision($"n{from}", "v");
        for (var from = 0; from < size; from++)
            for (var to = from + 1; to < size; to++)
                if (random.Next(3) == 0)
                {
                    var outcome = random.Next(2) == 0 ? "True" : "False";
                    flow.Edges($"n{from}:{outcome} -> n{to}");
                    if (outcome == outcomes[from])
                        followed.Add((from, to));
                }
        var reached = new HashSet<int> { 0 };
        for (var node = 0; node < size; node++)
            if (followed.Any(edge => edge.To == node && reached.Contains(edge.From)))
                reached.Add(node);

        var walk = Walk.Of(flow, "n0");
        var ended = new List<int>();
        var running = new List<int> { 0 };
        while (running.Count > 0)
        {
            var node = running[random.Next(running.Count)];
            running.Remove(node);
            ended.Add(node);
            walk.Machine.End($"n{node}", [outcomes[node]]);
            while (walk.Machine.Next() is { } turn)
            {
                var started = int.Parse(turn.Activity.Id[1..]);
                var needed = followed.Where(edge => edge.To == started && reached.Contains(edge.From)).Select(edge => edge.From);
                Assert.All(needed, need => Assert.Contains(need, ended));
                running.Add(started);
            }
        }
        Assert.Equal(reached.Order(), ended.Order());
    }

    private sealed class Walk(FlowchartMachine machine)
    {
        public FlowchartMachine Machine => machine;

        public static Walk Of(FlowBuilder flow, string? start = null)
        {
            var definition = flow.Build();
            var graph = new FlowchartGraph(definition.Root, TestEngine.Catalog);
            var machine = new FlowchartMachine(graph, [], []);
            machine.Start(start ?? graph.Starts[0].Id);
            return new(machine);
        }

        public Walk Done(string id, string outcome = "Done")
        {
            Assert.Contains(id, machine.Active);
            machine.End(id, [outcome]);
            return this;
        }

        public Walk Ready(params string[] expected)
        {
            var ready = new List<string>();
            while (machine.Next() is { } turn)
                ready.Add(turn.Activity.Id);
            Assert.Equal(expected.Order(), ready.Order());
            return this;
        }

        public void IsOver()
        {
            Assert.Null(machine.Next());
            Assert.Empty(machine.Active);
            Assert.Empty(machine.Tokens);
        }
    }
}
