using System.Text.Json.Nodes;
using CsCheck;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// Whole runs of documented cases of Elsa's flowchart in counter mode, with the results that Elsa documents or its engine 3.6.3
/// was seen to give; where ours differs by choice, the case says so. What a name means: if* asks (True or False), all*, active* and any*
/// are joins, fork* goes on with the ports that are drawn, end* is End, the rest are steps. Siblings start in the order in which their edges are drawn.
/// </summary>
public sealed class ElsaSemanticsTests
{
    [Theory]
    [InlineData("sequence", "a -> b -> c", "", "a b c")]
    [InlineData("implicit join waits for all that can come", "a -> b -> d, a -> c -> d", "", "a b c d")]
    [InlineData("a duplicate edge runs its target once", "a -> b, a -> b", "", "a b")]
    [InlineData("two edges of a fork to one target run it once", "fork:l -> b, fork:r -> b", "", "fork b")]
    [InlineData("fork goes on with all branches", "fork:l -> b, fork:r -> c", "", "fork b c")]
    [InlineData("an unwired outcome ends its branch", "a -> if, if:True -> b", "if=False", "a if")]
    [InlineData("an unwired outcome does not block a join", "a -> if, a -> b, if:True -> j, b -> j", "if=False", "a if b j")]
    [InlineData("ports are case-sensitive", "if:true -> b", "if=True", "if")]
    [InlineData("a dead path propagates through any depth", "if:True -> x -> y -> z -> j, if:False -> b -> j", "if=False", "if b j")]
    [InlineData("a dead path through a join propagates", "a -> if, if:True -> x -> k, if:True -> y -> k, k -> j, a -> b -> j", "if=False", "a if b j")]
    [InlineData("a join inside a branch is waited for", "a -> b -> k, a -> c -> k, k -> j, a -> d -> j", "", "a b c d k j")]
    [InlineData("WaitAllActive runs with what can come", "a -> b -> active, a -> if, if:True -> x -> active, active -> after", "if=False", "a b if active after")]
    [InlineData("WaitAll runs when all came", "a -> b -> all, a -> if, if:True -> x -> all, all -> after", "if=True", "a b if x all after")]
    [InlineData("WaitAll with a dead edge skips what follows", "a -> b -> all, a -> if, if:True -> x -> all, all -> after", "if=False", "a b if")]
    [InlineData("a skipped WaitAll does not block what is behind it", "a -> b -> all, a -> if, if:True -> all, all -> x -> j, b -> j", "if=False", "a b if j")]
    [InlineData("WaitAny goes on with the first and cancels the others", "a -> b -> any, a -> c -> d -> any, any -> after", "", "a b c! any after")]
    [InlineData("WaitAny does not wait for a dead branch", "a -> if, if:True -> any, a -> b -> any, any -> after", "if=False", "a if b any after")]
    [InlineData("WaitAny with only dead branches is skipped", "a -> if, if:True -> any, any -> after", "if=False", "a if")]
    [InlineData("End ends the run at once", "a -> end, a -> b -> c", "", "a end")]
    [InlineData("ours: after End a queued step does not start", "a -> b -> c, a -> end", "", "a b! end")]
    [InlineData("a loop by a back edge", "a -> w -> if, if:True -> w, if:False -> out", "if=True,True,False", "a w if w~2 if~2 w~3 if~3 out")]
    [InlineData("a loop runs the diamond inside it anew", "a -> b -> d -> if, a -> c -> d, if:True -> a, if:False -> out", "if=True,False", "a b c d if a~2 b~2 c~2 d~2 if~2 out")]
    [InlineData("a branch that is dead in one round may live in the next", "s -> a -> if1, if1:True -> x -> j, a -> b -> j, j -> if2, if2:True -> a", "if1=False,True;if2=True,False", "s a if1 b j if2 a~2 if1~2 b~2 x j~2 if2~2")]
    [InlineData("loops inside loops", "s -> a -> w -> if1, if1:True -> w, if1:False -> if2, if2:True -> a, if2:False -> out", "if1=True,False,False;if2=True,False", "s a w if1 w~2 if1~2 if2 a~2 w~3 if1~3 if2~2 out")]
    [InlineData("ours: a join after a loop beside a live branch waits", "s -> b -> j, s -> w -> if, if:True -> w, if:False -> j", "if=True,False", "s b w if w~2 if~2 j")]
    public async Task Run_DocumentedCase_RunsInThisOrder(string reason, string edges, string answers, string expected)
    {
        await using var test = await TestEngine.CreateAsync();
        var script = Answers(answers);
        foreach (var (name, outcomes) in script)
            test.Executor.On(name, _ => new StepResult { Outcome = outcomes.Dequeue() });

        var run = await test.DrainAsync(await test.StartAsync(Build(edges)));

        var order = run.Steps.Select(step => step.Status == StepStatus.Canceled ? $"{step.StepId}!" : step.StepId);
        Assert.Equal((reason, expected, RunSubStatus.Finished), (reason, string.Join(' ', order), run.SubStatus));
        Assert.All(script.Values, outcomes => Assert.Empty(outcomes));
    }

    [Fact]
    public async Task Run_StartOrder_IsStartThenCanStartThenFirstWithoutIncoming()
    {
        await using var test = await TestEngine.CreateAsync();
        var canStart = new JsonObject { ["canStartWorkflow"] = true };
        FlowBuilder Flow() => new FlowBuilder().Activity("c", "Test.Work").Activity("a", "Test.Work").Activity("b", "Test.Work", ("customProperties", canStart.DeepClone())).Edges("a -> c");

        var withStart = await test.DrainAsync(await test.StartAsync(Flow().Activity("start", "Elsa.Start").Build("start")));
        var withCanStart = await test.DrainAsync(await test.StartAsync(Flow().Build("can-start")));
        var firstWithout = await test.DrainAsync(await test.StartAsync(new FlowBuilder().Steps("c", "a", "b").Edges("a -> c").Build("first")));
        var circle = await test.StartAsync(new FlowBuilder().Activity("x", "Test.Ask").Steps("y").Edges("x:True -> y -> x").Build("circle"));
        test.Executor.On("x", _ => new StepResult { Outcome = "False" });

        Assert.Equal("start", withStart.Steps[0].StepId);
        Assert.Equal(["b"], withCanStart.Steps.Select(step => step.StepId));
        Assert.Equal(["a", "c"], firstWithout.Steps.Select(step => step.StepId));
        Assert.Equal(["x"], (await test.DrainAsync(circle)).Steps.Select(step => step.StepId));
    }

    [Fact]
    public async Task Run_MissingCondition_IsFalse()
    {
        await using var test = await TestEngine.CreateAsync();
        var run = await test.DrainAsync(await test.StartAsync(new FlowBuilder().Activity("if", "Elsa.FlowDecision").Steps("yes", "no").Edges("if:True -> yes, if:False -> no").Build()));
        Assert.Equal(["if", "no"], run.Steps.Select(step => step.StepId));
    }

    /// <summary>The definition of Elsa's own test "implicit loop", as its designer writes it: SetVariable by reference, JavaScript, WriteLine.</summary>
    [Fact]
    public async Task Run_ElsasCounterLoop_CountsAndWrites()
    {
        await using var test = await TestEngine.CreateAsync();
        JsonObject Script(string type, string script) => FlowBuilder.Value(type, "JavaScript", script);
        var variable = new JsonObject { ["id"] = "b1198ecccf3f435abe462dc37012cda9", ["name"] = "Counter", ["typeName"] = "Int32", ["value"] = "0", ["storageDriverTypeName"] = "X" };
        var definition = new FlowBuilder().Activity("Start1", "Elsa.Start")
            .Activity("SetVariable1", "Elsa.SetVariable", ("variable", variable.DeepClone()), ("value", Script("Object", "getCounter() + 1")))
            .Activity("WriteLine1", "Elsa.WriteLine", ("text", Script("String", "`Counter: ${variables.Counter}`")))
            .Activity("Decision1", "Elsa.FlowDecision", ("condition", Script("Boolean", "variables.Counter >= 3")))
            .Activity("SetName1", "Elsa.SetName", ("value", Script("String", "'counted ' + getCounter()")))
            .Edges("Start1 -> SetVariable1 -> WriteLine1 -> Decision1, Decision1:False -> SetVariable1, Decision1:True -> SetName1").Build();
        definition = definition with { Variables = [new() { Id = "b1198ecccf3f435abe462dc37012cda9", Name = "Counter", TypeName = "Int32", Value = "0" }] };

        var run = await test.RunAsync(await test.StartAsync(definition));

        Assert.Equal((RunSubStatus.Finished, "counted 3", 3), (run.SubStatus, run.Name, (int?)run.Variables["b1198ecccf3f435abe462dc37012cda9"]));
        Assert.Equal(["Counter: 1", "Counter: 2", "Counter: 3"], run.Steps.Where(step => step.ActivityId == "WriteLine1").Select(step => step.Message));
    }

    [Fact]
    public async Task Run_FaultCorrelateAndFinish_DoAsTheySay()
    {
        await using var test = await TestEngine.CreateAsync();
        JsonObject Text(string value) => FlowBuilder.Value("String", "Literal", value);
        var fault = await test.RunAsync(await test.StartAsync(new FlowBuilder().Activity("f", "Elsa.Fault", ("message", Text("too few rows")), ("code", Text("42"))).Build("fault")));
        var correlate = await test.RunAsync(await test.StartAsync(new FlowBuilder().Activity("c", "Elsa.Correlate", ("correlationId", Text("order-1")))
            .Activity("finish", "Elsa.Finish").Activity("wait", "Elsa.Delay").Edges("c -> wait, c -> finish").Build("correlate")));

        Assert.Equal("f: too few rows (code 42, category General, type System)", fault.Fault);
        Assert.Equal(("order-1", RunSubStatus.Finished), (correlate.CorrelationId, correlate.SubStatus));
        Assert.Empty(await test.Store.ListBookmarksAsync());
    }

    [Fact]
    public async Task Run_ScriptOverStepOutputs_SeesThem()
    {
        await using var test = await TestEngine.CreateAsync();
        test.Executor.On("train", _ => new StepResult { Outputs = new() { ["accuracy"] = 0.93 } });
        var run = await test.DrainAsync(await test.StartAsync(new FlowBuilder().Steps("train", "good", "poor")
            .Activity("if", "Elsa.FlowDecision", ("condition", FlowBuilder.Value("Boolean", "JavaScript", "getOutputFrom('train', 'accuracy') > 0.9")))
            .Edges("train -> if, if:True -> good, if:False -> poor").Build()));
        Assert.Equal(["train", "if", "good"], run.Steps.Select(step => step.StepId));
    }

    /// <summary>Compared with reachability over the followed edges, a second algorithm.</summary>
    [Fact]
    public Task Run_RandomFlowsOfStepsAndWaits_RunWhatFollowedEdgesReachOnce() => Gen.Select(Gen.Int[2, 8], Gen.Int[0, int.MaxValue]).SampleAsync(async (size, seed) =>
    {
        var random = new Random(seed);
        await using var test = await TestEngine.CreateAsync();
        var flow = new FlowBuilder();
        var answers = Enumerable.Range(0, size).Select(_ => random.Next(3) switch { 0 => "True", 1 => "False", _ => "Done" }).ToArray();
        var reached = new SortedSet<int> { 0 };
        for (var node = 0; node < size; node++)
            _ = answers[node] == "Done" ? flow.Activity($"n{node}", "Elsa.Delay") : flow.Activity($"n{node}", "Test.Ask");
        for (var from = 0; from < size; from++)
        {
            var answer = answers[from];
            test.Executor.On($"n{from}", _ => new StepResult { Outcome = answer });
            for (var to = from + 1; to < size; to++)
                if (random.Next(3) == 0)
                {
                    var outcome = answer == "Done" ? "Done" : random.Next(2) == 0 ? "True" : "False";
                    flow.Edges($"n{from}:{outcome} -> n{to}");
                    if (outcome == answer && reached.Contains(from))
                        reached.Add(to);
                }
        }

        var run = await test.StartAsync(flow.Build());
        while ((await test.DrainAsync(run)).Status == RunStatus.Running)
            test.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(reached.Select(node => $"n{node}"), (await test.RunAsync(run)).Steps.Select(step => step.StepId).Order());
    }, iter: 25, threads: 1);

    private static Dictionary<string, Queue<string>> Answers(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries)
        .Select(answer => answer.Split('=')).ToDictionary(parts => parts[0], parts => new Queue<string>(parts[1].Split(',')));

    private static WorkflowDefinition Build(string edges)
    {
        var flow = new FlowBuilder().Edges(edges);
        var ends = edges.Split([",", "->"], StringSplitOptions.TrimEntries).Select(end => end.Split(':')).ToLookup(parts => parts[0], parts => parts.ElementAtOrDefault(1));
        foreach (var node in ends)
            Add(flow, node.Key, [.. node.OfType<string>().Distinct()]);
        return flow.Build();
    }

    private static void Add(FlowBuilder flow, string name, IReadOnlyList<string> ports) => _ = name.TrimEnd('1', '2') switch
    {
        "if" => flow.Activity(name, "Test.Ask"),
        "all" => flow.Join(name, "WaitAll"),
        "active" => flow.Join(name, "WaitAllActive"),
        "any" => flow.Join(name, "WaitAny"),
        "fork" => flow.Activity(name, "Elsa.FlowFork", ("branches", FlowBuilder.Value("Object", "Object", new JsonArray([.. ports.Select(port => (JsonNode)port)])))),
        "end" => flow.Activity(name, "Elsa.End"),
        _ => flow.Activity(name, "Test.Work"),
    };
}
