namespace Workbench.Serving.Export;

/// <summary>A module of one's own that says how it becomes ONNX nodes; the exporter asks it when it meets one.</summary>
/// <example><code>
/// sealed class Residual : nn.Module&lt;Tensor, Tensor&gt;, IOnnxExportable
/// {
///     private readonly Linear inner = nn.Linear(8, 8);
///     public Residual() : base(nameof(Residual)) =&gt; RegisterComponents();
///     public override Tensor forward(Tensor x) =&gt; x + inner.call(x);
///     public IReadOnlyList&lt;string&gt; ToOnnx(OnnxGraph graph, IReadOnlyList&lt;string&gt; inputs) =&gt;
///         [graph.Add(inputs[0], graph.Lower(inner, inputs[0]))];
/// }
/// </code></example>
public interface IOnnxExportable
{
    /// <summary>Adds the nodes of <c>forward</c> in evaluation mode: dropout does nothing, statistics are the stored ones.</summary>
    /// <param name="graph">Where the nodes go; <see cref="OnnxGraph.Lower"/> adds those of a child.</param>
    /// <param name="inputs">Names of the values of forward's tensors, in their order; fewer when the caller left some out.</param>
    /// <returns>Names of the values that forward returns, in their order.</returns>
    IReadOnlyList<string> ToOnnx(OnnxGraph graph, IReadOnlyList<string> inputs);
}
