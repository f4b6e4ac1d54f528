namespace Workbench.Training;

/// <summary>The rule by which gradients change weights.</summary>
public enum OptimizerKind
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,
    /// <summary>Stochastic gradient descent, with momentum where asked for; weight decay is an L2 penalty, as in PyTorch.</summary>
    Sgd,
}
