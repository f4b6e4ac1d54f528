using static TorchSharp.torch;

namespace Workbench.Training.Optimizers;

/// <summary>Changes weights by their gradients. Called from one thread, outside of gradient mode's concern: it records nothing.</summary>
internal interface IStepOptimizer : IDisposable
{
    OptimizerEngine Engine { get; }

    /// <summary>Forgets the gradients of the step before.</summary>
    void ClearGradients();

    /// <summary>The gradients that there are: live, of any shape; all of them together are the whole gradient. Wrappers go to the current dispose scope.</summary>
    IReadOnlyList<Tensor> Gradients();

    /// <summary>One step.</summary>
    void Step(double learningRate);

    /// <summary>Everything but the weights that the next step depends on, by name. Wrappers go to the current dispose scope.</summary>
    IReadOnlyList<(string Name, Tensor Value)> State();

    /// <summary>Puts back what <see cref="State"/> gave.</summary>
    /// <exception cref="Data.DataException">A tensor is missing or of another shape.</exception>
    void Load(IReadOnlyDictionary<string, Tensor> state);
}
