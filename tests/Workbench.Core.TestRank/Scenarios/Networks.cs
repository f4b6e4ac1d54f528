using TorchSharp.Modules;
using Workbench.Distributed;
using static TorchSharp.torch;

namespace Workbench.TestRank.Scenarios;

/// <summary>Networks with what makes data parallelism hard: reused and tied weights, unused ones, normalisation.</summary>
internal static class Networks
{
    /// <summary>[N, 6] to [N, 3].</summary>
    public static nn.Module<Tensor, Tensor> Create(string name) => name switch
    {
        "plain" => nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 3)),
        "dropout" => nn.Sequential(nn.Linear(6, 16), nn.Tanh(), nn.Dropout(0.3), nn.Linear(16, 3)),
        "normalised" => Normalised(),
        "knotted" => new Knotted(),
        _ => throw new ArgumentException($"Unknown network '{name}'.", nameof(name)),
    };

    private static nn.Module<Tensor, Tensor> Normalised()
    {
        var network = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16), nn.Tanh(), nn.Linear(16, 3));
        SyncBatchNorm.Convert(network);
        return network;
    }

    /// <summary>One layer is called twice, its weight is used a third time outside of it, and another layer never.</summary>
    private sealed class Knotted : nn.Module<Tensor, Tensor>
    {
        private readonly Linear _first = nn.Linear(6, 16), _twice = nn.Linear(16, 16), _last = nn.Linear(16, 3), _unused = nn.Linear(16, 16);

        public Knotted() : base(nameof(Knotted)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var hidden = nn.functional.tanh(_twice.forward(nn.functional.tanh(_twice.forward(_first.forward(input)))));
            return _last.forward(hidden.matmul(_twice.weight!));
        }
    }
}
