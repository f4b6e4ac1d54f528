using System.Text.Json.Nodes;
using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>
/// A graph of the matrix with what Elsa's semantics make of it, worked out by hand. Something happens to the step <c>f</c>:
/// <see cref="Before"/> must have ended before it starts, <see cref="After"/> cannot start before it ends, and
/// <see cref="All"/> is what a run that ends well has done, in name order.
/// </summary>
internal sealed record MatrixShape(string Name, string Edges, string[] Steps, string[] Before, string[] After, string[] All)
{
    public static readonly IReadOnlyList<MatrixShape> Shapes =
    [
        new("chain", "a -> f -> c", ["a", "c"], ["a"], ["c"], ["a", "c", "f"]),
        new("diamond", "a -> f -> d, a -> b -> d", ["a", "b", "d"], ["a"], ["d"], ["a", "b", "d", "f"]),
        // never is true nowhere, so t and u are dead, and j waits for f and k alone.
        new("dead path", "a -> if, if:True -> t -> u -> j, if:False -> f -> j, a -> k -> j, j -> z", ["a", "t", "u", "k", "j", "z"], ["a"], ["j", "z"], ["a", "f", "j", "k", "z"]),
        // f gives more = true in its first round and false in its second.
        new("loop", "a -> f -> again, again:True -> f, again:False -> z", ["a", "z"], ["a"], ["z"], ["a", "f", "f", "z"]),
        new("fork and join", "fork:l -> f -> join, fork:r -> b -> join, join -> z", ["b", "z"], [], ["z"], ["b", "f", "z"]),
        new("wide", "a -> f -> z, a -> b -> z, a -> c -> z, a -> d -> z, a -> e -> z", ["a", "b", "c", "d", "e", "z"], ["a"], ["z"], ["a", "b", "c", "d", "e", "f", "z"]),
    ];

    /// <summary>The workflow in which the incident happens to <c>f</c>.</summary>
    public WorkflowDefinition Build(string incident)
    {
        var builder = new FlowBuilder().Variable("round", "Int32", 0).Variable("more", "Boolean", false).Variable("never", "Boolean", false).Steps(Steps)
            .Activity("f", "Test.Work",
                ("incident", FlowBuilder.Value("String", "Literal", incident)), ("done", FlowBuilder.Value("Int32", "Variable", "round")), ("round", FlowBuilder.Output("round")),
                ("customProperties", new JsonObject { ["maxAttempts"] = 2, ["retryDelay"] = "00:00:00.05" }),
                ("more", FlowBuilder.Output("more")));
        if (Edges.Contains("if:"))
            builder.Decision("if", "never");
        if (Edges.Contains("again:"))
            builder.Decision("again", "more");
        if (Edges.Contains("fork:"))
            builder.Activity("fork", "Elsa.FlowFork", ("branches", FlowBuilder.Value("Object", "Object", """["l","r"]"""))).Join("join", "WaitAll");
        return builder.Edges(Edges).Build($"{Name} {incident}");
    }
}
