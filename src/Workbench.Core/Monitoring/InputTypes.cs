using System.Collections.Concurrent;

namespace Workbench.Monitoring;

/// <summary>Remembers whether an input of a model is a number or a text: a column has one type in all files. Thread-safe.</summary>
internal sealed class InputTypes
{
    private readonly ConcurrentDictionary<(string Model, string Input), string> _types = [];

    /// <exception cref="ArgumentException">An input was of the other type before.</exception>
    public void Check(string model, PredictionLine line)
    {
        foreach (var (name, value) in line.Numbers)
            if (value is not null)
                Check(model, name, "number");
        foreach (var name in line.Texts.Keys)
            Check(model, name, "text");
    }

    private void Check(string model, string name, string type)
    {
        var first = _types.GetOrAdd((model, name), type);
        if (first != type)
            throw new ArgumentException($"Input '{name}' of model '{model}' is a {type} and was a {first} before. Send the same type in every request.");
    }
}
