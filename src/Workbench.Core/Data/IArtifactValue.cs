namespace Workbench.Data;

/// <summary>
/// A value that a pipeline step hands on as files: a trained model, a data set. Values that are plain records,
/// numbers or strings travel as JSON and need nothing.
/// </summary>
public interface IArtifactValue<TSelf> where TSelf : IArtifactValue<TSelf>
{
    /// <summary>Writes the value into <paramref name="folder"/>, which exists and is empty. The same value writes the same bytes.</summary>
    void Save(string folder);

    /// <summary>Reads what <see cref="Save"/> wrote; throws <see cref="DataException"/> when a file is missing or damaged.</summary>
    static abstract TSelf Load(string folder);
}
