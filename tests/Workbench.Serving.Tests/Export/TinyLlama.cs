using TorchSharp.Modules;
using Workbench.Serving.Export;
using static TorchSharp.torch;

namespace Workbench.Serving.Tests.Export;

/// <summary>
/// A decoder as Llama has it, its forward in TorchSharp's own functions and its nodes by the graph's helpers: RMS norm,
/// rotary positions, grouped queries, causal attention, SwiGLU, tied head. B batch, T time, H heads, G key heads, D width.
/// </summary>
internal sealed class TinyLlama : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private const int Vocabulary = 80, Width = 16, Heads = 4, KeyHeads = 2, Head = Width / Heads;
    private const double Epsilon = 1e-5;

    private readonly Embedding tokens = nn.Embedding(Vocabulary, Width);
    private readonly ModuleList<Block> blocks = nn.ModuleList(new Block(), new Block());
    private readonly Parameter norm = nn.Parameter(rand(Width) + 0.5);

    public TinyLlama() : base(nameof(TinyLlama)) => RegisterComponents();

    public static OnnxInput[] Inputs => [new("ids", OnnxType.Int64, "batch", "sequence") { High = Vocabulary }];

    private static float[] InverseFrequencies => [.. Enumerable.Range(0, Head / 2).Select(pair => (float)(1 / Math.Pow(10_000, 2.0 * pair / Head)))];

    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var x = tokens.call(ids);                                                                       // [B, T, D]
        var angles = outer(arange(ids.shape[1], dtype: float32), tensor(InverseFrequencies));           // [T, d / 2]
        angles = cat([angles, angles], 1);
        foreach (var block in blocks)
            x = block.call(x, angles.cos(), angles.sin());
        return nn.functional.linear(RmsNorm(x, norm), tokens.weight!).MoveToOuterDisposeScope();        // [B, T, V]
    }

    public IReadOnlyList<string> ToOnnx(OnnxGraph graph, IReadOnlyList<string> inputs)
    {
        string table = graph.OwnWeight("tokens.weight", tokens.weight!);
        string x = graph.Gather(table, inputs[0]);
        var (cosines, sines) = graph.RotaryTables(graph.Positions(inputs[0], 1), InverseFrequencies);
        foreach (var block in blocks)
            x = graph.Lower(block, x, cosines, sines);
        return [graph.MatMul(graph.RmsNorm(x, graph.OwnWeight("norm", norm), Epsilon), graph.Transpose(table, 1, 0))];
    }

    private static Tensor RmsNorm(Tensor x, Tensor weight) => x * (x.pow(2).mean([-1], true) + Epsilon).rsqrt() * weight;

    private sealed class Block : nn.Module<Tensor, Tensor, Tensor, Tensor>, IOnnxExportable
    {
        private readonly Parameter before = nn.Parameter(rand(Width) + 0.5), after = nn.Parameter(rand(Width) + 0.5);
        private readonly Linear query = nn.Linear(Width, Width, hasBias: true), key = nn.Linear(Width, KeyHeads * Head), value = nn.Linear(Width, KeyHeads * Head);
        private readonly Linear output = nn.Linear(Width, Width, hasBias: false);
        private readonly Linear gate = nn.Linear(Width, 24, hasBias: false), up = nn.Linear(Width, 24, hasBias: false), down = nn.Linear(24, Width, hasBias: false);

        public Block() : base(nameof(Block)) => RegisterComponents();

        public override Tensor forward(Tensor x, Tensor cosines, Tensor sines)
        {
            using var scope = NewDisposeScope();
            var normal = RmsNorm(x, before);
            Tensor Split(Tensor projected, int heads) => projected.reshape(x.shape[0], x.shape[1], heads, Head).transpose(1, 2);   // [B, H, T, d]
            Tensor Rotate(Tensor part) => part * cosines + cat([-part.narrow(-1, Head / 2, Head / 2), part.narrow(-1, 0, Head / 2)], -1) * sines;
            Tensor Repeat(Tensor part) => part.repeat_interleave(Heads / KeyHeads, 1);
            var attended = nn.functional.scaled_dot_product_attention(
                Rotate(Split(query.call(normal), Heads)), Repeat(Rotate(Split(key.call(normal), KeyHeads))), Repeat(Split(value.call(normal), KeyHeads)), is_casual: true);
            x = x + output.call(attended.transpose(1, 2).reshape(x.shape));
            normal = RmsNorm(x, after);
            return (x + down.call(nn.functional.silu(gate.call(normal)) * up.call(normal))).MoveToOuterDisposeScope();
        }

        public IReadOnlyList<string> ToOnnx(OnnxGraph graph, IReadOnlyList<string> inputs)
        {
            string x = inputs[0], normal = graph.RmsNorm(x, graph.OwnWeight("before", before), Epsilon);
            string Rotated(Linear projection, int heads) => graph.Rotate(graph.SplitHeads(graph.Lower(projection, normal), heads, Head), (inputs[1], inputs[2]), Head);
            string keys = graph.RepeatHeads(Rotated(key, KeyHeads), KeyHeads, Heads / KeyHeads, Head);
            string values = graph.RepeatHeads(graph.SplitHeads(graph.Lower(value, normal), KeyHeads, Head), KeyHeads, Heads / KeyHeads, Head);
            string attended = graph.Attention(Rotated(query, Heads), keys, values, Head, graph.CausalMask(x, 1));
            x = graph.Add(x, graph.Lower(output, graph.MergeHeads(attended, Heads, Head)));
            normal = graph.RmsNorm(x, graph.OwnWeight("after", after), Epsilon);
            return [graph.Add(x, graph.Lower(down, graph.Multiply(graph.Silu(graph.Lower(gate, normal)), graph.Lower(up, normal))))];
        }
    }
}
