using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>The parameters of a module that are trained, each once however often it is registered, with their first names.</summary>
internal static class TrainedParameters
{
    public static IReadOnlyList<(string Name, Parameter Value)> Of(nn.Module module)
    {
        var seen = new HashSet<nint>();
        var trained = module.named_parameters().Where(pair => pair.parameter.requires_grad && seen.Add(pair.parameter.Handle)).ToList();
        return trained.Count > 0 ? trained : throw new TrainingException(
            $"The module '{module.GetName()}' has no parameter to train. Register its layers (RegisterComponents), or set requires_grad on those that shall learn.");
    }

    public static bool Decays(Parameter parameter, OptimizerSettings options) =>
        options.WeightDecay > 0 && (!options.DecayMatricesOnly || parameter.dim() >= 2);
}
