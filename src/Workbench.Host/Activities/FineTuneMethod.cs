namespace Workbench.Host.Activities;

/// <summary>What of a language model is trained.</summary>
internal enum FineTuneMethod
{
    /// <summary>A LoRA adapter; the model's own weights stay.</summary>
    Lora,
    /// <summary>Every weight.</summary>
    Full,
    /// <summary>A fresh model and tokenizer, made for the text.</summary>
    Scratch,
}
