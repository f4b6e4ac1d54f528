using TorchSharp;

namespace Workbench.Serving.Export;

/// <summary>A module in evaluation mode until disposed; then each of its modules is in the mode it had.</summary>
internal sealed class EvaluationMode : IDisposable
{
    private readonly List<(torch.nn.Module Module, bool Training)> _before;

    public EvaluationMode(torch.nn.Module module)
    {
        _before = [.. module.modules().Prepend(module).Select(one => (one, one.training))];
        module.eval();
    }

    // Outer modules come first, and setting one sets those inside it.
    public void Dispose() => _before.ForEach(one => one.Module.train(one.Training));
}
