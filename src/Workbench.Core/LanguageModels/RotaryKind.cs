namespace Workbench.LanguageModels;

/// <summary>How rotary positions are stretched over sequences longer than those of pretraining.</summary>
public enum RotaryKind
{
    /// <summary>Not stretched.</summary>
    Default,
    /// <summary>Positions are divided by the factor (Chen et al. 2023, https://arxiv.org/abs/2306.15595).</summary>
    Linear,
    /// <summary>The base grows with the sequence once it is longer than the original context ("dynamic NTK").</summary>
    Dynamic,
    /// <summary>Low frequencies are divided by the factor, high ones kept, those between blended (Llama 3.1).</summary>
    Llama3,
}
